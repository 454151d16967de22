"""What is measured: the workloads of bench/workloads with their sizes, and boots. The parallel ones stand apart."""

from dataclasses import dataclass

GROUPS = ("integer", "float", "system", "boot")


@dataclass(frozen=True)
class Workload:
  """A program inside the guest. A scale is chosen so that QEMU takes 2 to 6 seconds, or 1 to 2 under --quick."""

  name: str
  group: str
  meaning: str
  scale: int
  quick_scale: int
  cpus: int = 1


def boot(cpus):
  """A boot to the shell: the time from the start of the process to the first line of /init."""
  plural = "" if cpus == 1 else "s"
  return Workload(f"boot-{cpus}", "boot", f"from the command to the shell, {cpus} core{plural}", 0, 0, cpus)


WORKLOADS = (
  Workload("mix", "integer", "linked lists, small matrices, a state machine, CRC", 100, 40),
  Workload("sort", "integer", "quicksort of numbers, heapsort of records", 40, 16),
  Workload("sha256", "integer", "SHA-256", 130, 50),
  Workload("lz", "integer", "LZ77 compression", 80, 32),
  Workload("chase-4m", "integer", "pointers through 4 MB", 130, 50),
  Workload("chase-64m", "integer", "pointers through 64 MB", 12, 5),
  Workload("calls", "integer", "recursive calls", 750, 300),
  Workload("bytecode", "integer", "an interpreter: indirect jumps", 500, 200),
  Workload("stream", "integer", "memcpy, memmove, memset, array loops", 34, 14),
  Workload("nbody", "float", "gravity, scalar doubles", 80, 32),
  Workload("matmul", "float", "matrix product, packed doubles", 15, 6),
  Workload("simd", "float", "packed integers", 130, 50),
  Workload("x87", "float", "80-bit floating point", 120, 48),
  Workload("syscall", "system", "getppid", 500, 200),
  Workload("pipe", "system", "messages to and fro between two processes", 40, 16),
  Workload("yield", "system", "switches between four processes on a core", 40, 16),
  Workload("fork", "system", "fork, exec, exit", 150, 60),
  Workload("fault", "system", "mmap, page faults, copies on write", 60, 25),
  Workload("copy", "system", "file copies in tmpfs", 100, 40),
  Workload("pipeline", "system", "shell pipelines of busybox's tools", 10, 4),
  boot(1),
  boot(2),
  boot(4),
)


@dataclass(frozen=True)
class Target:
  """The speed on `cores` is to be at least `ratio` times that on `than` cores."""

  cores: int
  than: int
  ratio: float


@dataclass(frozen=True)
class ParallelWorkload:
  """A program that runs a thread on every core, with the same work however many there are."""

  name: str
  meaning: str
  scale: int
  quick_scale: int
  cores: tuple
  targets: tuple


WORDCOUNT = ((1, 2, 64), (Target(2, 1, 1.9), Target(64, 2, 0.9)))
CONTENTION = ((2, 64), (Target(64, 2, 1 / 1.5),))

PARALLEL = (
  ParallelWorkload("wordcount", "map and reduce over 100 MB of text", 1, 1, *WORDCOUNT),
  ParallelWorkload("wordcount-10", "the same, ten times over in a row", 10, 10, *WORDCOUNT),
  ParallelWorkload("spinlock", "test-and-set with PAUSE", 2000, 500, *CONTENTION),
  ParallelWorkload("ticketlock", "ticket lock with PAUSE", 100, 50, *CONTENTION),
  ParallelWorkload("mutex", "pthread_mutex, waiters sleep", 1000, 250, *CONTENTION),
  ParallelWorkload("counter", "lock xadd on one number", 5000, 1500, *CONTENTION),
  ParallelWorkload("hackbench", "groups that send through sockets", 200, 50, *CONTENTION),
)

STORMS = {
  "interrupts": "timers of 1 kHz on every core, interrupts from each to all others, threads that move",
  "shootdown": "mmap, mprotect, madvise and munmap of pages that other cores try",
  "crosscode": "functions that other cores change while they are called",
  "kernelcode": "kprobes and function tracing of the kernel, on and off",
}
