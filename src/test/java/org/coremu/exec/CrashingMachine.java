package org.coremu.exec;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A process that dies in machine code, for {@link CrashInCodeTest}: a core runs a guest loop at
 * {@link #LOOP}, and its thread gets the signal of a bad access.
 */
final class CrashingMachine {
  static final long LOOP = 0x3120;

  private static final String THREAD = "guest-loop";
  private static final long TGKILL = 234;
  private static final long SIGSEGV = 11;

  private CrashingMachine() {}

  public static void main(String[] args) throws Throwable {
    IrCores machine = new IrCores(1, 1 << 20);
    machine.code(LOOP, machine.addTo(0, 1), machine.jumpBy(-1));
    Thread loop = new Thread(() -> machine.run(0, LOOP), THREAD);
    loop.setDaemon(true);
    loop.start();
    Thread.sleep(1000); // it has long been in its loop then
    Linker linker = Linker.nativeLinker();
    linker
        .downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG))
        .invokeWithArguments(TGKILL, ProcessHandle.current().pid(), taskOf(THREAD), SIGSEGV);
    Thread.sleep(60_000);
  }

  private static long taskOf(String thread) throws Exception {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
          return Long.parseLong(task.getFileName().toString());
        }
      }
    }
    throw new AssertionError("there is no thread " + thread);
  }
}
