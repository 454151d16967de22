package org.coremu.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code coremu version}: what runs, and on what. */
@Command(name = "version", description = "Print the version of coremu and of the JVM it runs on.")
final class VersionCommand implements Callable<Integer> {
  /** The version the build wrote into the jar's manifest; "development" when there is no jar. */
  static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public Integer call() {
    System.out.printf(
        "coremu %s%n%s %s on %s %s%n",
        version(),
        System.getProperty("java.vm.name"),
        System.getProperty("java.vm.version"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
    return 0;
  }
}
