import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';

process.stdout.write(`${Object.keys(parse(readFileSync(process.argv[2] as string, 'utf8'))).length}\n`);
