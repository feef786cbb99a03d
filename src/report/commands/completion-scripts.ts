/** The scripts by shell. Each asks the program that is being typed for the words, and leaves folders to the shell. */
const scripts: Readonly<Record<string, string>> = {
  // Without bash-completion, and as old as the bash 3.2 of macOS.
  bash: `# Completion of syncline for bash. Put into ~/.bashrc: eval "$(syncline completion bash)"
_syncline() {
  local program="\${COMP_WORDS[0]/#\\~/$HOME}" word words
  COMPREPLY=()
  words="$("$program" __complete bash "\${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null </dev/null)"
  [ -n "$words" ] || return 0
  if [ "$words" = :folders ]; then
    compopt -o filenames 2>/dev/null
    words="$(compgen -d -- "$2")"
    [ -n "$words" ] || return 0
  fi
  while IFS= read -r word; do COMPREPLY+=("$word"); done <<< "$words"
}
complete -F _syncline syncline
`,
  zsh: `#compdef syncline
# Completion of syncline for zsh. Put into ~/.zshrc: source <(syncline completion zsh)
_syncline() {
  local program=\${\${(Q)words[1]}/#\\~/$HOME} line
  local -a found values meanings
  found=(\${(f)"$($program __complete zsh "\${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null </dev/null)"})
  if [[ "$found" == :folders ]]; then
    compset -P '--*='
    _files -/
    return
  fi
  for line in $found; do
    values+=("\${line%%$'\\t'*}")
    meanings+=("\${line%%$'\\t'*}  \${line#*$'\\t'}")
  done
  (( $#values )) && compadd -l -d meanings -a -- values
}
if [[ "\${funcstack[1]-}" == _syncline ]]; then
  _syncline "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
  compdef _syncline syncline
fi
`,
  fish: `# Completion of syncline for fish: syncline completion fish > ~/.config/fish/completions/syncline.fish
function __syncline_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found ($words[1] __complete fish $words[2..-1] "$current" 2>/dev/null </dev/null)
    if test "$found" = :folders
        __fish_complete_directories "$current"
    else
        printf '%s\\n' $found
    end
end
complete -c syncline -f -a '(__syncline_complete)'
`,
};

/** The shells that there is a completion for. */
export const completionShells = Object.keys(scripts);

/** The script for a shell, or undefined when there is none. */
export function completionScript(shell: string): string | undefined {
  return Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
}
