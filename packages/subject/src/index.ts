export { challengeDigest, type Challenge } from './challenge-digest.js';
export { checkMaterial, type Material } from './check-material.js';
export { setChallengeDigest } from './set-challenge-digest.js';
export { signLetter } from './sign-letter.js';
export { createSubjectKey, type SubjectKey } from './subject-key.js';
