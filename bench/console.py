"""A running machine's serial console. The times are the host's: a guest's clock may be virtual."""

import os
import selectors
import signal
import subprocess
import time


class Console:
  """A running machine's output, line by line. Its input is empty unless it is asked for as a pipe."""

  def __init__(self, arguments, stdin=subprocess.DEVNULL):
    self.started = time.monotonic()
    self.log = []
    # A process group of its own, so that it can be killed with what it has started.
    self.process = subprocess.Popen(
      arguments,
      stdin=stdin,
      stdout=subprocess.PIPE,
      stderr=subprocess.STDOUT,
      start_new_session=True,
    )
    self.selector = selectors.DefaultSelector()
    self.selector.register(self.process.stdout, selectors.EVENT_READ)
    self.partial = b""
    self.waiting = []

  def __enter__(self):
    return self

  def __exit__(self, *_):
    if self.process.poll() is None:
      os.killpg(self.process.pid, signal.SIGKILL)
    self.process.wait()
    self.selector.close()
    self.process.stdout.close()

  def cpu_seconds(self):
    """CPU time of the machine's process so far; a busy host stretches it less than the time on the wall."""
    with open(f"/proc/{self.process.pid}/stat") as stat:
      user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

  def next_line(self, deadline):
    """The next line and when it came; None at the end of the output. TimeoutError after the deadline."""
    while not self.waiting:
      left = deadline - time.monotonic()
      if left <= 0 or not self.selector.select(left):
        raise TimeoutError
      chunk = os.read(self.process.stdout.fileno(), 65536)
      now = time.monotonic()
      if not chunk:
        return None
      *lines, self.partial = (self.partial + chunk).split(b"\n")
      self.waiting = [(line.decode(errors="replace").rstrip("\r"), now) for line in lines]
    line, when = self.waiting.pop(0)
    self.log.append(line)
    return line, when

  def next_mark(self, deadline):
    """As next_line, of the lines with an @ only; what stands before the @ is the kernel's. Gives words and time."""
    while entry := self.next_line(deadline):
      line, when = entry
      if "@" in line:
        return line[line.index("@") :].split(), when
    return None
