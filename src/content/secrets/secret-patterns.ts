/** A kind of secret that can be told by its text. */
export interface SecretPattern {
  readonly kind: string;
  /** Exact texts, one of which stands where `pattern` starts: what keeps the search fast. */
  readonly keywords: readonly string[];
  /** Sticky. Its first group, if it has one, is the secret. */
  readonly pattern: RegExp;
  /** The shape alone fits harmless text too, so the secret must also look random. */
  readonly random?: true;
}

// Not inside a longer word; but `\n`, `\t` and `%3D` before a secret are escapes, not parts of it.
const start = '(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt])|(?<=%[0-9A-Fa-f]{2}))';

function prefixed(kind: string, prefixes: string | readonly string[], rest: string): SecretPattern {
  const keywords = typeof prefixes === 'string' ? [prefixes] : prefixes;
  const escaped = keywords.map((keyword) => keyword.replace(/[.-]/g, '\\$&')).join('|');
  return { kind, keywords, pattern: new RegExp(`${start}(?:${escaped})${rest}`, 'y') };
}

function placed(kind: string, keywords: readonly string[], pattern: RegExp): SecretPattern {
  return { kind, keywords, pattern };
}

const random = (pattern: SecretPattern): SecretPattern => ({ ...pattern, random: true });

/** In order of trust: where two match the same text, the earlier one names it. */
export const secretPatterns: readonly SecretPattern[] = [
  prefixed('Anthropic key', 'sk-ant-', '[a-z]{2,10}\\d{2}-[\\w-]{20,}'),
  prefixed('OpenRouter key', 'sk-or-v1-', '[A-Za-z0-9]{32,}'),
  prefixed('OpenAI key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], '[\\w-]{20,}'),
  prefixed('Langfuse key', 'sk-lf-', '[0-9a-f-]{36}'),
  random(prefixed('API key', 'sk-', '[A-Za-z0-9]{20,}')),
  prefixed('GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], '[A-Za-z0-9]{30,}'),
  prefixed('GitHub token', 'github_pat_', '\\w{22,}'),
  prefixed(
    'GitLab token',
    ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glsoat-', 'glft-', 'glagent-'],
    '[\\w-]{20,}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{7,9})?',
  ),
  prefixed('AWS key id', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], '[A-Z0-9]{16}(?![A-Za-z0-9])'),
  placed(
    'AWS secret key',
    ['ecret_access_key', 'ECRET_ACCESS_KEY', 'ecretAccessKey', 'ecret-access-key'],
    /ecret[_-]?access[_-]?key["']?\s{0,3}(?:[:=]|=>)\s{0,3}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/iy,
  ),
  prefixed(
    'Slack token',
    ['xoxb-', 'xoxa-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxe.xox', 'xoxc-', 'xoxd-'],
    '[\\w%-]{10,}',
  ),
  prefixed('Slack token', 'xapp-', '\\d-[A-Z0-9]+-\\d+-[A-Za-z0-9]{20,}'),
  placed(
    'Slack webhook',
    ['hooks.slack.com/'],
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/(T\w{6,}\/\w{6,}\/\w{16,}(?:\/\w+)?)/y,
  ),
  placed('Discord webhook', ['/api/webhooks/'], /\/api\/webhooks\/\d{15,21}\/([\w-]{40,100})/y),
  placed('Telegram bot token', [':AA'], /(?<=(?<!\d)\d{8,10}):(AA[\w-]{32,34})(?![\w-])/y),
  placed(
    'private key',
    ['-----BEGIN '],
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:(?!-----)[\s\S]){40,20000}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:[ +>-]|\s|\\[nr]){1,8}[A-Za-z0-9+/=]{40,})/y,
  ),
  prefixed('age key', 'AGE-SECRET-KEY-1', '[A-Z0-9]{50,}'),
  prefixed('Google API key', 'AIza', '[\\w-]{35}'),
  prefixed('Google OAuth secret', 'GOCSPX-', '[\\w-]{24,}'),
  prefixed('Google OAuth token', 'ya29.', '[\\w-]{20,}'),
  prefixed('npm token', 'npm_', '[A-Za-z0-9]{36}'),
  placed('npm token', [':_authToken='], /:_authToken=["']?([\w/+=.-]{16,})/y),
  prefixed('PyPI token', 'pypi-AgE', '[\\w-]{50,}'),
  prefixed('Docker token', ['dckr_pat_', 'dckr_oat_'], '[\\w-]{20,}'),
  prefixed('Stripe key', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], '[A-Za-z0-9]{16,}'),
  prefixed('webhook secret', 'whsec_', '[A-Za-z0-9+/=]{24,}'),
  prefixed('SendGrid key', 'SG.', '[\\w-]{16,32}\\.[\\w-]{16,64}'),
  random(prefixed('Hugging Face token', ['hf_', 'api_org_'], '[A-Za-z0-9]{30,}')),
  prefixed('Groq key', 'gsk_', '[A-Za-z0-9]{40,}'),
  prefixed('Cerebras key', 'csk-', '[a-z0-9]{40,}'),
  prefixed('xAI key', 'xai-', '[A-Za-z0-9]{40,}'),
  prefixed('Perplexity key', 'pplx-', '[A-Za-z0-9]{32,}'),
  prefixed('NVIDIA key', 'nvapi-', '[\\w-]{40,}'),
  prefixed('Replicate token', 'r8_', '[A-Za-z0-9]{37}'),
  prefixed('Context7 key', 'ctx7sk-', '[\\w-]{20,}'),
  prefixed('Tavily key', 'tvly-', '[\\w-]{20,}'),
  prefixed('Firecrawl key', 'fc-', '[0-9a-f]{32}(?![A-Za-z0-9])'),
  prefixed('LangSmith key', ['lsv2_pt_', 'lsv2_sk_'], '[0-9a-f]{32}_[0-9a-f]{10}'),
  prefixed('Linear key', ['lin_api_', 'lin_oauth_'], '[A-Za-z0-9]{32,}'),
  prefixed('Notion token', 'ntn_', '[A-Za-z0-9]{40,}'),
  random(prefixed('Notion token', 'secret_', '[A-Za-z0-9]{43}(?![A-Za-z0-9])')),
  prefixed('Figma token', ['figd_', 'figo_'], '[\\w-]{30,}'),
  prefixed('Atlassian token', ['ATATT3', 'ATCTT3'], '[\\w=-]{50,}'),
  prefixed('Databricks token', 'dapi', '[0-9a-f]{32}(?:-\\d)?(?![A-Za-z0-9])'),
  random(prefixed('Vault token', ['hvs.', 'hvb.', 'hvr.'], '[\\w-]{24,}')),
  prefixed('Supabase token', 'sbp_', '[0-9a-f]{40}'),
  prefixed('Shopify token', ['shpat_', 'shpss_', 'shpca_', 'shppa_'], '[0-9a-fA-F]{32}'),
  prefixed('DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], '[0-9a-f]{64}'),
  prefixed('Sentry token', ['sntrys_', 'sntryu_'], '[\\w+/=]{40,}'),
  prefixed('Grafana token', ['glsa_', 'glc_'], '[A-Za-z0-9_+/=]{32,}'),
  prefixed('Vercel token', ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'], '[A-Za-z0-9]{20,60}'),
  prefixed('Cloudflare token', ['cfut_', 'cfat_', 'cfk_'], '[A-Za-z0-9]{48}'),
  prefixed('Cloudflare origin key', 'v1.0-', '[a-f0-9]{24}-[a-f0-9]{146}'),
  prefixed('New Relic key', 'NRAK-', '[A-Z0-9]{27}'),
  prefixed('Postman key', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}'),
  prefixed('Resend key', 're_', '[A-Za-z0-9]{8}_[A-Za-z0-9]{24}'),
  prefixed('1Password token', 'ops_eyJ', '[\\w-]{100,}'),
  placed('Azure key', ['AccountKey=', 'SharedAccessKey='], /(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/=]{40,})/y),
  placed('Azure client secret', ['Q~'], /(?<=(?<![\w~.-])[\w~.]{3}\d)(Q~[\w~.-]{31,34})(?![\w~.-])/y),
  placed('Azure signature', ['sig='], /(?<=[?&;])sig=([A-Za-z0-9%+/]{40,}(?:=|%3D)?)/y),
  placed(
    'JSON web token',
    ['eyJ'],
    /(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))eyJ[\w-]{10,1000}\.eyJ[\w-]{10,5000}\.[\w-]{10,}/y,
  ),
  random(placed('bearer token', ['earer '], /(?<=\b[Bb])earer +([\w.~+/=-]{16,})/y)),
  placed(
    'basic authorization',
    ['uthorization', 'UTHORIZATION'],
    /uthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:Basic|Token) +([A-Za-z0-9+/=_.-]{12,})/iy,
  ),
  placed(
    'authorization header',
    ['uthorization', 'UTHORIZATION'],
    /uthorization["']?\s{0,3}[:=]\s{0,3}["']?Bearer +([\w.~+/=-]{12,})/iy,
  ),
  placed('token in a URL', ['://'], /:\/\/([^\s/:@"'<>`?#]{12,200}):x-oauth-basic@/y),
  random(placed('token in a URL', ['://'], /:\/\/([\w.~%-]{16,200}):?@(?=[A-Za-z0-9.[-])/y)),
  placed('password in a URL', ['://'], /:\/\/[^\s/:@"'<>`?#]{0,100}:([^\s/:@"'<>`?#]{3,200})@(?=[A-Za-z0-9.[-])/y),
  random(
    placed(
      'assigned secret',
      ['key', 'KEY', 'Key', 'token', 'TOKEN', 'Token', 'ecret', 'ECRET', 'assword', 'ASSWORD'],
      /(?:(?<=(?:api|access|secret|private|auth|signing|encryption|account)[_-]?)key|token|ecret|assword)["'\]]{0,2}\s{0,2}(?::=|=>|[:=])\s{0,2}["'`]?([A-Za-z0-9+/_=-]{16,200})(?![\w.([+/$<{-])/iy,
    ),
  ),
];
