export const meta = { name: 'review', description: 'Reviews.' };
