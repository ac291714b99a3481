import type { Refuse } from '../trace-fields.js';
import type { TurnForm, TurnLink } from './turn-lines.js';

/** Fields that link a row, found without parsing it. */
const LINKS = /"(session_id|chat_id|parent_chat_id)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+))/g;

/** Rows of each session, by their numbers. Refuses what is no tree. */
export function groupRows<Row>(
  rows: readonly Row[],
  textOf: (row: Row) => string,
  form: TurnForm,
  refuseAt: (row: number) => Refuse,
): readonly (readonly number[])[] {
  const links = rows.map((row, index) => linkIn(textOf(row), form, refuseAt(index)));
  const byOwn = new Map<string, number>();
  for (const [index, { own }] of links.entries()) if (own !== undefined) byOwn.set(own, index);
  const roots = new Map<number, number>();
  const groups = new Map<string | number, number[]>();
  for (const [index, link] of links.entries()) {
    const key = link.session ?? rootOf(index, links, byOwn, roots, refuseAt);
    const known = groups.get(key);
    if (known) known.push(index);
    else groups.set(key, [index]);
  }
  return [...groups.values()];
}

function linkIn(text: string, form: TurnForm, refuse: Refuse): TurnLink {
  const found: Record<string, string | number> = {};
  for (const [, name = '', quoted, number] of text.matchAll(LINKS)) found[name] ??= quoted ?? Number(number);
  return form.linkOf(found, refuse);
}

/** First turn of the session of a row. */
function rootOf(
  row: number,
  links: readonly TurnLink[],
  byOwn: ReadonlyMap<string, number>,
  roots: Map<number, number>,
  refuseAt: (row: number) => Refuse,
): number {
  const passed: number[] = [];
  let place = row;
  for (;;) {
    const known = roots.get(place);
    const parent = links[place]?.parent;
    if (known !== undefined || parent === undefined) {
      const root = known ?? place;
      for (const each of [...passed, place]) roots.set(each, root);
      return root;
    }
    passed.push(place);
    const next = byOwn.get(parent);
    if (next === undefined) return refuseAt(place)(`parent_chat_id: there is no turn ${parent}`);
    if (passed.includes(next)) return refuseAt(place)(`parent_chat_id: ${parent} leads back to this turn, a cycle`);
    place = next;
  }
}
