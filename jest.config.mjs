/** Jest runs TypeScript sources directly; swc strips types, `npm run check` is what type-checks. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2023' },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: {
    '^@mandate/(web|authority|worker|desk|all|sample-institution)$':
      '<rootDir>/services/$1/src/index.ts',
    '^@mandate/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@mandate/([^/]+)/(.+)$': '<rootDir>/packages/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // Whole services start in some tests, on machines that do other things as well.
  testTimeout: 60_000,
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '/data/', '/out/'],
};
