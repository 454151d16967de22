package org.coremu.exec;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Unsigned;

/**
 * What JDK Flight Recorder is told of translated code. While it has never been started in this JVM,
 * that is the test of a flag: no event is made, and the classes of the events are not even loaded.
 */
final class CodeEvents {
  private static final String CATEGORY = "coremu";

  private CodeEvents() {}

  @Name("org.coremu.Translation")
  @Label("Translation")
  @Description("A block of guest code was translated")
  @Category(CATEGORY)
  @StackTrace(false)
  static final class Translation extends Event {
    @Label("Guest Address")
    @Description("Linear address of the first instruction")
    @Unsigned
    long guestAddress;

    @Label("Guest Instructions")
    int guestInstructions;

    @Label("Host Bytes")
    @Description("Size of the machine code, or of the interpreter's")
    @DataAmount
    int hostBytes;

    @Label("Trace")
    @Description("Whether it goes on along the likely way through branches")
    boolean trace;
  }

  @Name("org.coremu.Invalidation")
  @Label("Invalidation")
  @Description("A translated block was thrown away because its guest code was written")
  @Category(CATEGORY)
  @StackTrace(false)
  static final class Invalidation extends Event {
    @Label("RAM Offset")
    @Description("Place of the guest code in RAM")
    @Unsigned
    long ramOffset;

    @Label("Guest Instructions")
    int guestInstructions;

    @Label("Trace")
    boolean trace;
  }

  @Name("org.coremu.Eviction")
  @Label("Eviction")
  @Description("Translated code was thrown away to make room")
  @Category(CATEGORY)
  @StackTrace(false)
  static final class Eviction extends Event {
    @Label("Segment")
    @Description("Segment of the code memory")
    int segment;

    @Label("Blocks")
    @Description("Blocks in it, those that were dead already included")
    int blocks;

    @Label("Host Bytes")
    @Description("Size of the segment")
    @DataAmount
    long hostBytes;
  }

  /** Begins the event of a translation; null if nobody wants it. */
  static Translation translation() {
    if (FlightRecorder.isInitialized()) {
      Translation event = new Translation();
      if (event.isEnabled()) {
        event.begin();
        return event;
      }
    }
    return null;
  }

  /** Ends what {@link #translation} has begun. */
  static void translated(Translation event, long guestAddress, CodeBlock block, int hostBytes) {
    event.end();
    if (event.shouldCommit()) {
      event.guestAddress = guestAddress;
      event.guestInstructions = block.insns;
      event.hostBytes = hostBytes;
      event.trace = block.isTrace;
      event.commit();
    }
  }

  static void invalidated(CodeBlock block) {
    if (FlightRecorder.isInitialized()) {
      Invalidation event = new Invalidation();
      if (event.shouldCommit()) {
        event.ramOffset = block.ramOffset;
        event.guestInstructions = block.insns;
        event.trace = block.isTrace;
        event.commit();
      }
    }
  }

  static void evicted(int segment, int blocks, long hostBytes) {
    if (FlightRecorder.isInitialized()) {
      Eviction event = new Eviction();
      if (event.shouldCommit()) {
        event.segment = segment;
        event.blocks = blocks;
        event.hostBytes = hostBytes;
        event.commit();
      }
    }
  }
}
