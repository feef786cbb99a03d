import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@iarna/toml';

// Reads each file below a folder and parses it once, or decodes it where it has no structure.

let parsed = 0;
walk(process.argv[2] as string);
process.stdout.write(`${parsed}\n`);

function walk(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(path);
    else take(path, readFileSync(path, 'utf8'));
  }
}

function take(path: string, text: string): void {
  if (path.endsWith('.toml')) parse(text);
  else if (path.endsWith('.json')) JSON.parse(text);
  parsed += text.length;
}
