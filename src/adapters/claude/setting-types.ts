/** The type of a setting: one word, a list of the only values, or the types of its keys. */
export interface SettingTypes {
  readonly [key: string]:
    | 'flag'
    | 'text'
    | 'texts'
    | 'whole'
    | 'table'
    | 'tables'
    | 'flag or table'
    | readonly string[]
    | SettingTypes;
}

const flags = [
  ...['respectGitignore', 'includeCoAuthoredBy', 'includeGitInstructions', 'alwaysThinkingEnabled', 'verbose'],
  ...['spinnerTipsEnabled', 'showTurnDuration', 'terminalProgressBarEnabled', 'prefersReducedMotion'],
  ...['autoCompactEnabled', 'fileCheckpointingEnabled', 'todoFeatureEnabled', 'bashEditDiffEnabled'],
  ...['respondToBashCommands', 'enforceAvailableModels', 'disableAllHooks', 'disableSkillShellExecution'],
  ...['enableAllProjectMcpServers', 'disableClaudeAiConnectors', 'disableBundledSkills', 'disableAgentView'],
  ...['disableRemoteControl', 'disableWorkflows', 'disableArtifact', 'enableArtifact', 'enableWorkflows'],
  ...['skipWebFetchPreflight', 'skipDangerousModePermissionPrompt', 'fastMode', 'promptSuggestionEnabled'],
  ...['autoMemoryEnabled', 'showThinkingSummaries', 'syntaxHighlightingDisabled', 'remoteControlAtStartup'],
  ...['isolatePeerMachines', 'autoUploadSessions'],
];
const texts = [
  ...['model', 'apiKeyHelper', 'proxyAuthHelper', 'awsCredentialExport', 'awsAuthRefresh', 'gcpAuthRefresh'],
  ...['otelHeadersHelper', 'outputStyle', 'language', 'minimumVersion', 'plansDirectory', 'autoMemoryDirectory'],
  ...['agent', 'advisorModel', 'timeZone'],
];
const lists = [
  ...['fallbackModel', 'availableModels', 'deniedModels', 'enabledMcpjsonServers', 'disabledMcpjsonServers'],
  ...['allowedHttpHookUrls', 'httpHookAllowedEnvVars', 'companyAnnouncements', 'claudeMdExcludes'],
  'pluginSuggestionMarketplaces',
];

const sandbox: SettingTypes = {
  enabled: 'flag',
  failIfUnavailable: 'flag',
  allowUnsandboxedCommands: 'flag',
  autoAllowBashIfSandboxed: 'flag',
  enableWeakerNestedSandbox: 'flag',
  excludedCommands: 'texts',
  filesystem: { allowWrite: 'texts', denyWrite: 'texts', allowRead: 'texts', denyRead: 'texts' },
  network: {
    allowedDomains: 'texts',
    deniedDomains: 'texts',
    allowUnixSockets: 'texts',
    allowMachLookup: 'texts',
    allowAllUnixSockets: 'flag',
    allowLocalBinding: 'flag',
  },
};

/**
 * The types of the settings that people share, by the schema of Claude Code 2.1.332; those of which it passes over a wrong value are left
 * out, and so are modes of permissions, which are powers where they are not known.
 */
export const claudeSettingTypes: SettingTypes = {
  ...Object.fromEntries(flags.map((key) => [key, 'flag'] as const)),
  ...Object.fromEntries(texts.map((key) => [key, 'text'] as const)),
  ...Object.fromEntries(lists.map((key) => [key, 'texts'] as const)),
  allowedMcpServers: 'tables',
  deniedMcpServers: 'tables',
  strictKnownMarketplaces: 'tables',
  blockedMarketplaces: 'tables',
  cleanupPeriodDays: 'whole',
  skillListingMaxDescChars: 'whole',
  skillListingBudgetFraction: 'whole',
  feedbackSurveyRate: 'whole',
  autoUpdatesChannel: ['latest', 'stable', 'rc'],
  availableModelsMatch: ['prefix', 'exact'],
  workflowSizeGuideline: ['unrestricted', 'small', 'medium', 'large'],
  attribution: 'flag or table',
  spinnerVerbs: { mode: ['append', 'replace'], verbs: 'texts' },
  breakReminder: { enabled: 'flag', message: 'text' },
  quietHours: { enabled: 'flag' },
  statusLine: { type: ['command'], command: 'text', padding: 'whole' },
  enabledPlugins: 'table',
  sandbox,
  permissions: {
    allow: 'texts',
    deny: 'texts',
    ask: 'texts',
    additionalDirectories: 'texts',
    defaultMode: 'text',
    disableBypassPermissionsMode: ['disable'],
  },
};
