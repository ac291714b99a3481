import { simulateCommand } from '../../../bin/commands/simulate.js';

/** What the program does with the command, for a test that forks it. */
await simulateCommand().parseAsync(process.argv.slice(2), { from: 'user' });
