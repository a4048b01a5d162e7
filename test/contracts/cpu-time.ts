/** Starts a watch of this process's own CPU time, ms: on a busy machine the wall clock blames the innocent. */
export function startCpuWatch(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
}
