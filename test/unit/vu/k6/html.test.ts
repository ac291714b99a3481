import assert from 'node:assert/strict';
import { parseHtml } from '../../../../engine/vu/k6/html.js';

const PAGE = parseHtml(
  `<title>T</title><form action="/go" method="post"><input name="a" value="1"><input name="b" type="checkbox">
   <input name="c" type="checkbox" checked><input name="d" type="submit" value="x"><input name="e" disabled value="2">
   <select name="f"><option value="3">x<option value="4" selected>y</select><textarea name="g">5</textarea></form>
   <ul><li class="one" data-count="6">A</li><li>B</li></ul>`,
);

describe('a selection of HTML', () => {
  it('is found, and walked through', () => {
    const items = PAGE.find('li');
    assert.deepEqual([items.size(), items.text(), items.first().text(), items.eq(1).html()], [2, 'AB', 'A', 'B']);
    assert.deepEqual(
      items.map((index, item) => `${index}${item.text()}`),
      ['0A', '1B'],
    );
    assert.equal(items.filter('.one').next().text(), 'B');
    assert.equal(items.filter((_, element) => element.textContent() === 'B').index(), 1);
    assert.deepEqual([items.attr('class'), items.last().attr('class', 'none')], ['one', 'none']);
    assert.equal(items.first().data('count'), 6);
    assert.deepEqual([items.is('.one'), items.not('.one').size(), items.parent().children().size()], [true, 1, 2]);
  });

  it('gives elements, whose properties are functions', () => {
    const names: string[] = [];
    PAGE.find('ul')
      .children()
      .each((index, element) =>
        names.push(`${index} ${element.nodeName()} ${element.innerHTML()} ${element.className()}`),
      );
    assert.deepEqual(names, ['0 li A one', '1 li B ']);
    const [list] = PAGE.find('ul').toArray();
    assert.equal(list?.find('li').size(), 2);
    const element = PAGE.find('li').get(0);
    assert.ok(element && !Array.isArray(element));
    assert.deepEqual(element.attributes().class, { name: 'class', value: 'one' });
    assert.equal(element.nextElementSibling()?.textContent(), 'B');
    assert.equal(PAGE.find('li').get(7), undefined);
  });

  it('serializes a form as a browser would send it', () => {
    assert.deepEqual(PAGE.find('form').serializeObject(), { a: '1', c: 'on', f: '4', g: '5' });
    assert.equal(PAGE.find('form').serialize(), 'a=1&c=on&f=4&g=5');
  });
});
