#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { main } from './cli.js';
import { processIo, reportUnhandledErrors, surviveClosedTerminal } from './process-io.js';

// Each thread marks its garbage itself, in small steps: V8's helping threads would take turns with the workers where every
// core has one. Set before anything is marked, for a marking that has begun would not be told.
setFlagsFromString('--no-concurrent-marking');

const io = processIo();
reportUnhandledErrors(io);
surviveClosedTerminal();
process.exitCode = (await main(process.argv.slice(2), io)) || process.exitCode;
