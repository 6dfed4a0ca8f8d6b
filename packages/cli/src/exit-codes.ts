/** What the command's exit code says. */
export const exitCodes = {
  /** done */
  ok: 0,
  /** it did not work; the last line says why and what to do */
  failed: 1,
  /** the command line is not understood */
  usage: 2,
  /** nothing was found, or nobody has it */
  nothingFound: 3,
  /** stopped by Ctrl-C; nothing is lost */
  interrupted: 130
} as const
