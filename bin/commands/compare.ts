import { Command } from 'commander';
import { compareFiles, ExitCode, judge, parseConditions, UserError } from '../../engine/index.js';
import {
  checkWritable,
  comparisonHtml,
  comparisonJson,
  comparisonText,
  wantsColor,
  writeWhole,
} from '../../reporters/index.js';

/** The forms in which a comparison can be written to a file. */
const FORMATS = { html: comparisonHtml, json: comparisonJson };

interface Flags {
  readonly failIf?: readonly string[];
  readonly out?: readonly string[];
}

/** `tokenswarm compare`: results of several runs, or of several tools, side by side. */
export function compareCommand(): Command {
  const gather = (text: string, before: readonly string[] = []) => [...before, text];
  return new Command('compare')
    .description("compare results: records of runs, or what vllm bench serve, guidellm or Locust's --csv have written")
    .argument('<files...>', 'two or more; each is held against the first')
    .option(
      '--fail-if <condition>',
      "exit with 99 where a figure has changed so: 'llm_ttft:p(95)>+10%'; repeatable",
      gather,
    )
    .option('-o, --out <FORMAT=PATH>', 'write html=FILE or json=FILE; repeatable', gather)
    .action(compareAll);
}

async function compareAll(files: readonly string[], { failIf = [], out = [] }: Flags): Promise<void> {
  if (files.length < 2) {
    throw refuse('<files>', 'expected two files or more', 'for example tokenswarm compare before.json after.json');
  }
  const conditions = parseConditions(failIf);
  const outputs = out.map(readOutput);
  for (const { path } of outputs) await checkWritable(path);
  const comparison = await compareFiles(files);
  // What cannot be judged is told below what can be read.
  let unjudged: unknown;
  const judged = (() => {
    try {
      return judge(conditions, comparison);
    } catch (error) {
      unjudged = error;
      return [];
    }
  })();
  process.stdout.write(comparisonText(comparison, judged, { color: wantsColor(process.stdout, process.env) }));
  for (const { write, path } of outputs) await writeWhole(path, write(comparison, judged));
  if (unjudged !== undefined) throw unjudged;
  if (judged.some(({ crossed }) => crossed)) process.exitCode = ExitCode.thresholdsFailed;
}

function readOutput(text: string): { readonly write: typeof comparisonHtml; readonly path: string } {
  const [, format = '', path = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (path !== '' && Object.hasOwn(FORMATS, format)) return { write: FORMATS[format as keyof typeof FORMATS], path };
  throw refuse(
    '--out',
    `expected html=FILE or json=FILE, got ${JSON.stringify(text)}`,
    'for example --out html=results/compare.html',
  );
}

function refuse(where: string, message: string, hint: string): UserError {
  return new UserError(message, { where, hint, exitCode: ExitCode.invalidConfig });
}
