"""What the machines boot: coremu's cached kernel, and an initramfs of busybox, our init and the workloads."""

import gzip
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "workloads"
COMPILE = ("gcc", "-O2", "-static", "-march=x86-64", "-Wall", "-Wextra")


class SetupError(Exception):
  """Something is missing; the message is one line for the user."""


@dataclass(frozen=True)
class Image:
  """A kernel, an initramfs, and the programs in the initramfs as files of the host."""

  kernel: Path
  initrd: Path
  programs: Path


def require(program, package):
  """Fails unless the program is on PATH."""
  if not shutil.which(program):
    raise SetupError(f"needs {program}; install it (Debian: apt install {package})")


def make(coremu, directory):
  """Makes the image in the directory."""
  kernel, busybox = cached(coremu)
  programs = directory / "bin"
  programs.mkdir()
  shutil.copyfile(busybox, programs / "busybox")
  (programs / "busybox").chmod(0o755)
  compile_workloads(programs / "workloads")
  initrd = directory / "initrd.gz"
  initrd.write_bytes(gzip.compress(archive(programs), mtime=0))
  return Image(kernel, initrd, programs)


def cached(coremu):
  """The kernel and busybox in coremu's cache, which a boot fills if it is empty."""
  base = os.environ.get("XDG_CACHE_HOME", "")
  directory = (Path(base) if base.startswith("/") else Path.home() / ".cache") / "coremu"
  if not (directory / "SHA256SUMS").exists():
    if subprocess.run([coremu, "boot", "-smp", "1", "--exec", "true"], stdin=subprocess.DEVNULL).returncode:
      raise SetupError(f"'coremu boot' could not fill {directory} with a kernel and busybox")
  names = [line.split(None, 1)[1] for line in (directory / "SHA256SUMS").read_text().splitlines()]
  return only(directory, names, "vmlinuz"), only(directory, names, "busybox")


def only(directory, names, prefix):
  for name in names:
    if name.startswith(prefix) and (directory / name).is_file():
      return directory / name
  raise SetupError(f"{directory} has no {prefix}; 'coremu boot --update' fetches it again")


def compile_workloads(program):
  sources = sorted(SOURCES.glob("*.c"))
  run = subprocess.run([*COMPILE, "-o", program, *sources, "-lm"], capture_output=True, text=True)
  if run.returncode:
    complaint = next((line for line in run.stderr.splitlines() if "error" in line or "cannot" in line), run.stderr)
    raise SetupError(f"gcc cannot build the workloads (Debian: apt install gcc libc6-dev): {complaint.strip()}")


def archive(programs):
  """The initramfs, in cpio's "newc" format."""
  out = bytearray()
  for name in ("bin", "dev", "proc", "tmp"):
    add(out, name, 0o040755)
  add(out, "dev/console", 0o020600, device=(5, 1))  # the kernel opens it before init has mounted /dev
  add(out, "init", 0o100755, (SOURCES / "init").read_bytes())
  add(out, "bin/sh", 0o120777, b"busybox")
  for program in sorted(programs.iterdir()):
    add(out, f"bin/{program.name}", 0o100755, program.read_bytes())
  add(out, "TRAILER!!!", 0)
  return bytes(out)


def add(out, name, mode, content=b"", device=(0, 0)):
  """Appends an entry: a magic number and 13 fields in hexadecimal, the name, the content, all aligned to 4 bytes."""
  inode = 0 if mode == 0 else len(out) + 1  # unequal is all that counts: equal ones would be hard links
  fields = (inode, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(name) + 1, 0)
  out += b"070701" + b"".join(b"%08X" % field for field in fields)
  for part in (name.encode() + b"\0", content):
    out += part
    out += bytes(-len(out) % 4)
