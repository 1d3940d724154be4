export type { Command, CommandIo } from './command.js';
export { loadAnchors, type LoadedAnchors } from './load-anchors.js';
export { runCommand } from './run-command.js';
