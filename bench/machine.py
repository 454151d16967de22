"""Runs machines and takes the times of what they do, from the lines that bench/workloads/init has them print."""

import time
from dataclasses import dataclass

from console import Console

RAM = "512M"
# The mitigations depend on what a CPU model claims to be; without them both machines run the same kernel code.
APPEND = "console=ttyS0 panic=-1 mitigations=off"
POWER_OFF_SECONDS = 30
NO_TIME = "no time was left for it"
BOOT, OFF = "boot", "power off"  # the steps before and after the workloads


@dataclass(frozen=True)
class Emulator:
  """A command that takes QEMU's options."""

  name: str
  command: tuple
  ram: str = RAM

  def arguments(self, image, cpus, append):
    """The command of a machine."""
    machine = ("-smp", str(cpus), "-m", self.ram, "-kernel", image.kernel, "-initrd", image.initrd, "-append", append)
    return [*self.command, *machine, "-nographic", "-no-reboot"]


def coremu(launcher, options, ram=RAM):
  """coremu with the level of CPU that QEMU has, unless the options say otherwise."""
  cpu = () if "-cpu" in options else ("-cpu", "x86-64-v2")
  return Emulator("coremu", (str(launcher), "run", *cpu, *options), ram)


def qemu(ram=RAM):
  """QEMU's recompiler. Nehalem is x86-64-v2; without a network card its firmware has no boot ROM to load."""
  return Emulator("qemu", ("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "Nehalem", "-nic", "none"), ram)


@dataclass(frozen=True)
class Sample:
  """A workload's seconds, checksum and seconds of CPU time, or what went wrong."""

  seconds: float = None
  checksum: str = None
  error: str = None
  cpu: float = None


class Limits:
  """How long to wait: for each step, and for all of them together."""

  def __init__(self, step_seconds, end=None):
    self.step_seconds = step_seconds
    self.end = end

  def of_step(self):
    """When a step that begins now must have ended, and what to say if it has not."""
    deadline = time.monotonic() + self.step_seconds
    if self.end is not None and self.end < deadline:
      return self.end, NO_TIME
    return deadline, f"not done after {self.step_seconds:g} s"


class StepError(Exception):
  """A step that was not done; says why."""


def run(emulator, image, cpus, scales, limits, log_of):
  """
  Boots and runs workloads, `scales` by name. Boots again for those that a failure has left undone.
  Yields (name, Sample) as they come, first of all for BOOT, and for OFF if the machine did not switch off. `log_of`
  takes a step that failed and the console's lines.
  """
  todo = dict(scales)
  while True:
    booted = False
    for name, sample in one_run(emulator, image, cpus, dict(todo), limits, log_of):
      yield name, sample
      todo.pop(name, None)
      booted = booted or sample.error is None
    if not booted or not todo:
      return


def one_run(emulator, image, cpus, scales, limits, log_of):
  """One boot with workloads, until one of them keeps the machine from going on."""
  bench = ",".join(f"{name}:{scale}" for name, scale in scales.items())
  append = f"{APPEND} bench={bench}" if bench else APPEND
  step = BOOT
  with Console(emulator.arguments(image, cpus, append)) as console:
    try:
      (_, cpu_count), when = next_mark(console, limits.of_step(), "@shell")
      if cpu_count != str(cpus):
        raise StepError(f"the guest has {cpu_count} CPUs, not {cpus}")
      yield BOOT, Sample(when - console.started, cpu=console.cpu_seconds())
      for step in scales:
        sample = workload(console, step, limits.of_step())
        if sample.error:
          log_of(step, console.log)
        yield step, sample
      step = OFF
      switch_off(console)
    except StepError as error:
      log_of(step, console.log)
      yield step, Sample(error=str(error))


def workload(console, name, deadline):
  """Follows one workload to its end."""
  start = sample = None
  while True:
    words, when = next_mark(console, deadline, "@start", "@end", "@fail", "@over")
    match words:
      case ["@start", n] if n == name:
        start, cpu = when, console.cpu_seconds()
      case ["@end", n, checksum] if n == name and start is not None:
        sample = Sample(when - start, checksum, cpu=console.cpu_seconds() - cpu)
      case ["@fail", n, *why] if n == name:
        if not (sample and sample.error):  # the first one says most
          sample = Sample(error=" ".join(why))
      case ["@over", n, status] if n == name:
        return sample if sample and (sample.error or status == "0") else Sample(error=f"it ended with status {status}")
      case _:
        raise StepError(f"out of step: {' '.join(words)}")


def switch_off(console):
  """Waits for the end of a machine that has done its work; else it is killed."""
  try:
    while console.next_line(time.monotonic() + POWER_OFF_SECONDS):
      pass
  except TimeoutError:
    raise StepError(f"not off after {POWER_OFF_SECONDS} s") from None


def next_mark(console, deadline, *names):
  """The next of the marks with its words and time; fails when it does not come."""
  when, late = deadline
  try:
    while mark := console.next_mark(when):
      if mark[0][0] in names:
        return mark
  except TimeoutError:
    raise StepError(late) from None
  raise StepError(f"the machine ended before it; its last line: {console.log[-1] if console.log else ''}")
