"""Turns samples into figures: ratios, geometric means, the table and the JSON."""

import math
import statistics

from catalogue import GROUPS

EMULATORS = ("coremu", "qemu")


class Result:
  """All samples of one workload."""

  def __init__(self, workload, checksum=None):
    self.workload = workload
    self.checksum = checksum
    self.seconds = {name: [] for name in EMULATORS}
    self.errors = {}

  def add(self, emulator, sample):
    """Adds a sample. A checksum must be that of the host's own run or, without one, of the first sample."""
    self.checksum = self.checksum or sample.checksum
    if sample.error:
      self.errors[emulator] = sample.error
    elif sample.checksum != self.checksum:
      self.errors[emulator] = f"wrong checksum: {sample.checksum}, not {self.checksum}"
    else:
      self.seconds[emulator].append(sample.seconds)

  def median(self, emulator):
    """The emulator's seconds, or None when it failed."""
    seconds = self.seconds[emulator]
    return statistics.median(seconds) if seconds and emulator not in self.errors else None

  def ratios(self):
    """QEMU's time / coremu's, of each pair of runs."""
    if self.errors:
      return []
    return [theirs / ours for ours, theirs in zip(self.seconds["coremu"], self.seconds["qemu"])]

  def ratio(self):
    return statistics.median(self.ratios()) if self.ratios() else None

  def spread(self):
    """The distance between the least and the greatest ratio, as a share of the median."""
    return (max(self.ratios()) - min(self.ratios())) / self.ratio() if self.ratios() else None

  def error(self):
    """What went wrong, or None."""
    return "; ".join(f"{emulator}: {why}" for emulator, why in self.errors.items()) or None


def geomean(results):
  """The geometric mean of the ratios; None unless all are there."""
  ratios = [result.ratio() for result in results]
  if not ratios or None in ratios:
    return None
  return math.exp(statistics.fmean(math.log(ratio) for ratio in ratios))


def groups(results):
  """The groups that have results, in order."""
  for group in GROUPS:
    members = [result for result in results if result.workload.group == group]
    if members:
      yield group, members


def as_json(results, facts):
  """The figures and what is known of how they came about. A figure that could not be had is None."""
  means = dict.fromkeys(GROUPS) | {group: rounded(geomean(members)) for group, members in groups(results)}
  return {"workloads": [row(result) for result in results], "geomean": means, **facts}


def row(result):
  return {
    "name": result.workload.name,
    "group": result.workload.group,
    "coremu_s": rounded(result.median("coremu")),
    "qemu_s": rounded(result.median("qemu")),
    "ratio": rounded(result.ratio()),
    "spread": rounded(result.spread()),
    "ratios": [rounded(ratio) for ratio in result.ratios()],
    "error": result.error(),
  }


def rounded(figure):
  return None if figure is None else round(figure, 4)


def table(results):
  """The figures for people."""
  lines = [f"{'':14}{'coremu':>10}{'qemu':>10}{'ratio':>9}{'spread':>9}"]
  for group, members in groups(results):
    lines.append(group)
    for result in members:
      spread = "-" if result.spread() is None else f"{result.spread():.0%}"
      times = "".join(f"{figure(result.median(name), ' s'):>10}" for name in EMULATORS)
      lines.append(f"  {result.workload.name:12}{times}{figure(result.ratio()):>9}{spread:>9}")
      if result.errors:
        lines.append(f"    failed: {result.error()}")
    lines.append(f"  {'geomean':12}{'':20}{figure(geomean(members)):>9}")
  lines.append("ratio: QEMU's time / coremu's, the median of the runs; above 1, coremu is faster")
  return "\n".join(lines)


def figure(value, unit=""):
  return "-" if value is None else f"{value:.2f}{unit}"
