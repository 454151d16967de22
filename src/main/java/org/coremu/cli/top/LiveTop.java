package org.coremu.cli.top;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.coremu.cli.console.HostTerminal;
import org.coremu.cli.console.Overlay;
import org.coremu.machine.Sample;

/** The live view on a terminal: while it is shown, a thread of its own takes samples and draws. */
public final class LiveTop implements Overlay {
  private static final long INTERVAL_MILLIS = 500;

  /** At first, so that there are rates soon. */
  private static final long FIRST_MILLIS = 100;

  private final Feed feed;
  private final TopView view;
  private Optional<HostTerminal> terminal = Optional.empty();
  private boolean ended;

  /** Counts the times that it was shown; a thread that belongs to an earlier one ends. */
  private int showing;

  private boolean changed;

  LiveTop(Feed feed, TopView view) {
    this.feed = feed;
    this.view = view;
  }

  /**
   * A view for a machine's console.
   *
   * @param title of the machine
   * @param symbols the file of its symbols, if the user has given one
   */
  public static LiveTop ofConsole(Feed feed, Supplier<String> title, Optional<String> symbols) {
    TopScreen screen = new TopScreen(title, symbols.map(SymbolFile::read));
    return new LiveTop(feed, new TopView(screen, "q, Ctrl-A t: back to the console"));
  }

  @Override
  public synchronized boolean isShown() {
    return terminal.isPresent();
  }

  @Override
  public synchronized void show(HostTerminal on) {
    if (terminal.isEmpty()) {
      on.openScreen();
      terminal = Optional.of(on);
      int mine = ++showing;
      Thread.ofPlatform().daemon().name("coremu-top").start(() -> run(on, mine));
    }
  }

  /** The rates are those since the line before. */
  @Override
  public String summary() {
    try {
      feed.next().ifPresent(view::update);
    } catch (IOException e) {
      return "coremu: " + e.getMessage();
    }
    return "coremu: " + view.line().orElse("the machine does not run yet");
  }

  @Override
  public synchronized void hide() {
    terminal.ifPresent(HostTerminal::closeScreen);
    terminal = Optional.empty();
    notifyAll();
  }

  @Override
  public boolean keys(byte[] keys, int count) {
    boolean stays = view.keys(keys, count);
    synchronized (this) {
      changed = true;
      notifyAll();
    }
    return stays;
  }

  /** Waits until it is hidden; true if that was because the machine has ended. */
  synchronized boolean awaitHidden() throws InterruptedException {
    while (terminal.isPresent()) {
      wait();
    }
    return ended;
  }

  private void run(HostTerminal on, int mine) {
    try {
      long pause = FIRST_MILLIS;
      do {
        Optional<Sample> sample = feed.next();
        sample.ifPresent(view::update);
        if (sample.isEmpty() && view.frame(1, 1).isPresent()) {
          end();
        }
        pause = sample.isPresent() && pause == FIRST_MILLIS ? FIRST_MILLIS + 1 : INTERVAL_MILLIS;
        draw(on);
      } while (waitFor(on, mine, pause));
    } catch (IOException e) {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void end() {
    ended = true;
    hide();
  }

  private void draw(HostTerminal on) {
    view.frame(on.columns(), on.rows()).ifPresent(f -> on.draw(f.lines(), f.heading()));
  }

  /** Waits for the next sample, and draws anew when a key asks for that; false when hidden. */
  private synchronized boolean waitFor(HostTerminal on, int mine, long millis)
      throws InterruptedException {
    long left = millis;
    long until = System.nanoTime() + millis * 1_000_000;
    while (isShown() && mine == showing && left > 0) {
      wait(left);
      if (changed && isShown()) {
        changed = false;
        draw(on);
      }
      left = (until - System.nanoTime()) / 1_000_000;
    }
    return isShown() && mine == showing;
  }
}
