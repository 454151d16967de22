"""Turns samples of the parallel workloads into figures: seconds by number of cores, speeds against fewer cores.

Where others use the host, too, the machine's CPU time says more than the time on the wall: a speed on 64 cores / on 2 can be
had from both, as both keep all CPUs of the host busy.
"""

import statistics

from report import figure, rounded

KINDS = ("seconds", "cpu")


class Scaling:
  """All samples of one parallel workload, by emulator and number of cores."""

  def __init__(self, workload, cores, checksum):
    self.workload = workload
    self.cores = cores
    self.checksum = checksum
    self.samples = {}
    self.errors = {}

  def add(self, emulator, cores, sample):
    """Adds a sample; its checksum must be the one that the host's CPU or, without that, the first sample had."""
    self.checksum = self.checksum or sample.checksum
    if sample.error:
      self.errors[emulator, cores] = sample.error
    elif sample.checksum != self.checksum:
      self.errors[emulator, cores] = f"wrong checksum: {sample.checksum}, not {self.checksum}"
    else:
      self.samples.setdefault((emulator, cores), []).append(sample)

  def failed(self, emulator, cores):
    return (emulator, cores) in self.errors

  def times(self, emulator, cores, kind):
    """All seconds of a kind ("seconds": on the wall, "cpu"); none where any run failed."""
    samples = [] if self.failed(emulator, cores) else self.samples.get((emulator, cores), [])
    return [getattr(sample, kind) for sample in samples]

  def speeds(self, emulator, target, kind):
    """The speed on the target's cores divided by that on those it is compared with, in each round."""
    here, there = (self.times(emulator, n, kind) for n in (target.cores, target.than))
    return [slow / fast for fast, slow in zip(here, there) if fast]

  def targets(self):
    """The workload's targets for which there were cores."""
    return [t for t in self.workload.targets if t.cores in self.cores and t.than in self.cores]

  def as_json(self, emulators):
    return {
      "name": self.workload.name,
      **{kind: {e: {n: roundeds(self.times(e, n, kind)) for n in self.cores} for e in emulators} for kind in KINDS},
      "errors": {f"{emulator} {cores}": why for (emulator, cores), why in self.errors.items()},
      "speeds": [
        {"cores": t.cores, "than": t.than, "target": rounded(t.ratio)}
        | {e: {kind: roundeds(self.speeds(e, t, kind)) for kind in KINDS} for e in emulators}
        for t in self.targets()
      ],
    }


def roundeds(figures):
  return [rounded(f) for f in figures]


def median(figures):
  return statistics.median(figures) if figures else None


def table(scalings, emulators):
  """The figures for people: a row a workload and number of cores."""
  lines = [f"{'':14}{'cores':>6}" + "".join(f"{emulator:>11}{'CPU':>11}" for emulator in emulators)]
  for scaling in scalings:
    for cores in scaling.cores:
      times = [figure(median(scaling.times(e, cores, kind)), " s") for e in emulators for kind in KINDS]
      lines.append(f"{scaling.workload.name:14}{cores:6}" + "".join(f"{time:>11}" for time in times))
      for emulator in emulators:
        if scaling.failed(emulator, cores):
          lines.append(f"{'':20}  {emulator}: {scaling.errors[emulator, cores]}")
    for target in scaling.targets():
      lines.append("  " + speed_line(scaling, target, emulators))
  return "\n".join(lines)


def speed_line(scaling, target, emulators):
  """A target and what was reached; the least and the most of all rounds in brackets. By CPU time, if that can be said."""
  parts = []
  for emulator in emulators:
    for kind in KINDS if target.than > 1 else KINDS[:1]:
      speeds = scaling.speeds(emulator, target, kind)
      spread = f" ({min(speeds):.2f} to {max(speeds):.2f})" if len(speeds) > 1 else ""
      parts.append(f"{emulator}{' by CPU time' if kind == 'cpu' else ''} {figure(median(speeds))}{spread}")
  return f"speed on {target.cores} / on {target.than}: {', '.join(parts)}; target {target.ratio:.2f}"
