package org.coremu.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.coremu.cli.option.HelpRequest;
import org.coremu.machine.ConfigException;
import org.coremu.machine.ExplainX86;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The command {@code coremu}: finds the subcommand, runs it, and turns every end into an exit code.
 */
@Command(name = "coremu", description = "A parallel full-system emulator.")
public final class Main {
  /** A mistake of the user's. */
  static final int USAGE = 2;

  /** A defect of coremu (EX_SOFTWARE of sysexits.h). */
  static final int DEFECT = 70;

  private Main() {}

  /** Runs the process. */
  public static void main(String[] args) {
    int code = run(List.of(args));
    System.out.flush();
    System.exit(code);
  }

  /**
   * Runs a command line.
   *
   * @return the exit code
   */
  static int run(List<String> args) {
    try {
      CommandLine root = commands();
      CommandLine.ParseResult parsed =
          root.parseArgs(Arguments.plain(root, args).toArray(String[]::new));
      if (parsed.subcommand().commandSpec().userObject() instanceof Callable<?> command) {
        return (Integer) command.call();
      }
      throw new AssertionError("a command that cannot be called");
    } catch (HelpRequest help) {
      System.out.print(help.getMessage());
      return 0;
    } catch (ConfigException | ParameterException e) {
      System.err.println("coremu: " + e.getMessage().lines().findFirst().orElse(""));
      return USAGE;
    } catch (Throwable e) {
      CrashReport.write(args, e, System.err);
      return DEFECT;
    }
  }

  private static CommandLine commands() {
    return new CommandLine(new Main())
        .addSubcommand(new BootCommand())
        .addSubcommand(new RunCommand())
        .addSubcommand(new ExplainCommand(Map.of("x86_64", new ExplainX86())))
        .addSubcommand(new TopCommand())
        .addSubcommand(new HelpCommand())
        .addSubcommand(new VersionCommand());
  }
}
