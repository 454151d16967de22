package org.coremu.cli.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.coremu.hw.ByteChannel;

/**
 * What a command connects to the machine's serial line, and what it must put back in order at the
 * end.
 *
 * @param channel the near end of the serial line
 * @param closer writes out what waits and restores the terminal
 */
public record Console(ByteChannel channel, AutoCloseable closer) implements AutoCloseable {
  /** Tells the machine's owner what the console found out. */
  public interface Events {
    /** The user typed Ctrl-A x. */
    void quit();

    /** What Ctrl-A t shows. */
    Overlay top();

    /** Whether that is to be shown from the start. */
    boolean topFirst();

    /** Nobody reads the output any more. */
    void outputGone();
  }

  /** A console for a line that leads nowhere. */
  public static Console none() {
    return new Console(ByteChannel.DISCONNECTED, () -> {});
  }

  /** This process's stdout, unbuffered. */
  public static OutputStream stdout() {
    return new FileOutputStream(FileDescriptor.out);
  }

  /**
   * A terminal in raw mode with coremu's keys.
   *
   * @param terminal closed with the console
   */
  public static Console ofTerminal(HostTerminal terminal, Events events) {
    PlainChannel channel = new PlainChannel(stdout(), events::outputGone);
    Overlay top = events.top();
    Keys keys =
        new Keys(
            new Keys.Commands() {
              @Override
              public void quit() {
                channel.show(new byte[] {'\r', '\n'});
                events.quit();
              }

              @Override
              public void help() {
                if (!top.isShown()) {
                  channel.show(Keys.helpBytes());
                }
              }

              @Override
              public void top() {
                if (top.isShown()) {
                  top.hide();
                  channel.release();
                } else if (HostTerminal.hasScreen()) {
                  channel.hold();
                  top.show(terminal);
                } else {
                  String line = "\r\n" + top.summary() + "\r\n";
                  channel.show(line.getBytes(StandardCharsets.UTF_8));
                }
              }
            });
    if (events.topFirst() && HostTerminal.hasScreen()) {
      channel.hold();
      top.show(terminal);
    }
    StdinPump.start(
        new FileInputStream(FileDescriptor.in),
        new StdinPump.Receiver() {
          @Override
          public void bytes(byte[] buffer, int count) {
            byte[] passed = keys.filter(buffer, count);
            if (!top.isShown()) {
              channel.send(passed, passed.length);
            } else if (!top.keys(passed, passed.length)) {
              top.hide();
              channel.release();
            }
          }

          @Override
          public void end() {
            events.quit(); // the terminal hung up
          }
        });
    return new Console(
        channel,
        () -> {
          top.hide();
          channel.release();
          channel.close();
          terminal.close();
        });
  }

  /**
   * Plain stdin and stdout.
   *
   * @param wholeInput whether to read stdin to its end first, so that the run does not depend on
   *     when it comes
   */
  public static Console ofStreams(boolean wholeInput, Events events) {
    PlainChannel channel = new PlainChannel(stdout(), events::outputGone);
    StdinPump.Receiver receiver =
        new StdinPump.Receiver() {
          @Override
          public void bytes(byte[] buffer, int count) {
            channel.send(buffer, count);
          }

          @Override
          public void end() {}
        };
    connectStdin(wholeInput, receiver);
    return new Console(channel, channel);
  }

  /** Plain stdin and stdout for the shell of {@code coremu boot}; see {@link PipedShellChannel}. */
  public static Console ofPipedShell(String nonce, boolean wholeInput, Events events) {
    PipedShellChannel channel =
        new PipedShellChannel(nonce, stdout(), !wholeInput, events::outputGone);
    connectStdin(wholeInput, channel);
    return new Console(channel, channel);
  }

  /** A terminal when stdin is one, else plain streams. */
  public static Console ofProcess(boolean wholeInput, Events events) {
    Optional<HostTerminal> terminal =
        HostTerminal.present() ? HostTerminal.open() : Optional.empty();
    return terminal.map(t -> ofTerminal(t, events)).orElseGet(() -> ofStreams(wholeInput, events));
  }

  /**
   * A file that takes the guest's output.
   *
   * @param file closed with the console
   */
  public static Console ofFile(OutputStream file, Events events) {
    PlainChannel channel = new PlainChannel(file, events::outputGone);
    return new Console(
        channel,
        () -> {
          channel.close();
          file.close();
        });
  }

  @Override
  public void close() throws IOException {
    try {
      closer.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void connectStdin(boolean wholeInput, StdinPump.Receiver receiver) {
    FileInputStream in = new FileInputStream(FileDescriptor.in);
    if (wholeInput) {
      StdinPump.pump(in, receiver);
    } else {
      StdinPump.start(in, receiver);
    }
  }
}
