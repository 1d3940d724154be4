export * from './anchor-files.js';
export * from './bundle.js';
export * from './crc32.js';
export * from './layout.js';
export * from './manifest.js';
export * from './pem.js';
export * from './readme.js';
export * from './zip.js';
