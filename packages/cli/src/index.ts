export type { Command, CommandIo, World } from './command.js';
export { loadAnchors, type LoadedAnchors } from './load-anchors.js';
export { COMMANDS, runCommand } from './run-command.js';
