import { settleSeed } from './seed.ts';

// Vitest runs this before each test file.
settleSeed();
