/**
 * Telephone numbers with a known behaviour in the SMS sandbox. They begin with 1400, which is given to machines with
 * thirteen digits and to nobody with eleven; outside the sandbox a letter does not name them.
 */
export const TEST_NUMBERS = {
  '14000000000': 'delivered',
  '14000000001': 'never-delivered',
  '14000000002': 'late',
  '14000000003': 'gateway-fails',
  '14000000004': 'gateway-refuses',
  '14000000005': 'no-answer',
} as const;

export type TestBehaviour = (typeof TEST_NUMBERS)[keyof typeof TEST_NUMBERS];

/** Seconds a late message takes. */
export const LATE_SECONDS = 30;

/** Null for any other number. */
export const testBehaviour = (phone: string): TestBehaviour | null =>
  Object.hasOwn(TEST_NUMBERS, phone) ? TEST_NUMBERS[phone as keyof typeof TEST_NUMBERS] : null;
