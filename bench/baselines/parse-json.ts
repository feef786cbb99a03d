import { readFileSync } from 'node:fs';

process.stdout.write(`${Object.keys(JSON.parse(readFileSync(process.argv[2] as string, 'utf8'))).length}\n`);
