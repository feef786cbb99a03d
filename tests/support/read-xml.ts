/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** What XML 1.0 may hold. */
const legal = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;
const token = /<\?xml [^?]*\?>|<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*) ?(\/?)>|([^<]+)/y;

/** Parses the XML that a JUnit report needs, strictly. Throws for everything that is not well formed. */
export function readXml(document: string): XmlElement {
  if (!legal.test(document)) throw new Error('the document holds characters that XML 1.0 has not');
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [top];
  token.lastIndex = 0;
  while (token.lastIndex < document.length) {
    const at = token.lastIndex;
    const [whole, close, start, attributes = '', empty, text] = token.exec(document) ?? [];
    if (whole === undefined) throw new Error(`not well formed: ${document.slice(at, at + 40)}`);
    const inside = open.at(-1) as Open;
    if (close !== undefined && open.pop()?.name !== close) throw new Error(`</${close}> closes nothing`);
    if (text !== undefined) inside.text += plain(text);
    if (start === undefined) continue;
    const element: Open = { name: start, attributes: attributesOf(attributes), children: [], text: '' };
    inside.children.push(element);
    if (empty === '') open.push(element);
  }
  const [root, ...others] = top.children;
  if (open.length !== 1 || !root || others.length > 0 || top.text.trim() !== '') throw new Error('not one element');
  return root;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Open[];
  text: string;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [
    name as string,
    plain(value ?? ''),
  ]);
  const names = pairs.map(([name]) => name);
  if (new Set(names).size !== names.length) throw new Error(`an attribute stands twice: ${text}`);
  return Object.fromEntries(pairs);
}

function plain(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(\w*);?/g, (whole, name: string) => {
    const meant = whole.endsWith(';') ? names[name] : undefined;
    if (meant === undefined) throw new Error(`not an entity: ${whole}`);
    return meant;
  });
}
