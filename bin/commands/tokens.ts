import { Command } from 'commander';
import { countTokens } from '../../engine/data/count-tokens.js';
import { configError, ExitCode } from '../../engine/errors.js';
import { checkWritable, tokensJson, tokensText, wantsColor, writeWhole } from '../../reporters/index.js';
import type { Invocation } from '../invocation.js';
import type { Io } from '../io.js';
import { readReports } from '../report-outputs.js';

interface Flags {
  readonly tokenizer?: readonly string[];
  readonly out?: string;
}

/** `tokenswarm tokens`: how many tokens the same text is for different models. */
export function tokensCommand({ io, action }: Invocation): Command {
  const gather = (text: string, before: readonly string[] = []) => [...before, text];
  return new Command('tokens')
    .description('count the tokens of a text or a data set for several models')
    .argument('<file>', 'text file, or a data set such as prompts.jsonl')
    .option('--tokenizer <file>', "a model's tokenizer.json, or the folder with it; repeatable", gather)
    .option('-o, --out <json=PATH>', 'write the counts as JSON')
    .action(action((file: string, flags: Flags) => tellTokens(io, file, flags)));
}

async function tellTokens(io: Io, file: string, { tokenizer = [], out }: Flags): Promise<number> {
  if (tokenizer.length === 0) {
    throw configError(
      '--tokenizer',
      'expected at least one',
      `for example tokenswarm tokens ${file} --tokenizer qwen/`,
    );
  }
  const outputs = readReports(out === undefined ? [] : [out], { json: tokensJson });
  for (const { path } of outputs) await checkWritable(path);
  const comparison = countTokens(file, tokenizer);
  io.stdout.write(tokensText(comparison, { color: wantsColor(io.stdout, io.env) }));
  for (const { format: render, path } of outputs) await writeWhole(path, render(comparison));
  return ExitCode.ok;
}
