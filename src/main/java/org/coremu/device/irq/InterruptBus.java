package org.coremu.device.irq;

import java.util.Arrays;
import org.coremu.hw.MmioDevice;

/**
 * Carries interrupt messages to local APICs: IPIs, I/O APIC messages and message-signalled
 * interrupts (SDM 3A, "Destination" and "Message Signalled Interrupts").
 *
 * <p>The board attaches everything before the first core runs; from then on this object doesn't
 * change, so it needs no lock. A physical destination is one array look-up, an x2APIC cluster
 * sixteen at most.
 *
 * <p>Eight-bit destinations are extended to fifteen bits in I/O APIC entries and MSI addresses, as
 * hypervisors offer it to guests without interrupt remapping. An x2APIC destination in logical mode
 * reaches only APICs in x2APIC mode; a physical one reaches an APIC by its full id in either mode,
 * so that a large machine can start its cores.
 *
 * <p>As an {@link MmioDevice} this is the megabyte at 0xfee00000 as everyone but a core's own
 * register page sees it: 32-bit writes are message-signalled interrupts.
 */
public final class InterruptBus implements MmioDevice {
  /** The greatest x2APIC id that can be attached. */
  public static final int MAX_ID = (1 << 16) - 1;

  private static final long WINDOW = 0xfee0_0000L;
  private static final int BROADCAST = 0xff;
  private static final int WIDE_BROADCAST = -1;
  private static final int CLUSTER_SIZE = 16;

  private static final int DATA_LEVEL = 1 << 15;
  private static final int ADDRESS_LOGICAL = 1 << 2;
  private static final int ADDRESS_REDIRECTABLE = 1 << 3;

  /** Which local APICs a destination may mean. */
  private enum Scope {
    ONE,
    CLUSTER,
    LOGICAL,
    ALL
  }

  private LocalApic[] locals = {};
  private LocalApic[] byId = {};
  private IoApic[] ioApics = {};
  private ExternalInterrupts external;

  /**
   * Adds a local APIC.
   *
   * @throws IllegalArgumentException when its id is taken or above {@link #MAX_ID}
   */
  public void attach(LocalApic apic) {
    int id = apic.id();
    if (id < 0 || id > MAX_ID || byId(id) != null) {
      throw new IllegalArgumentException("APIC id " + Integer.toUnsignedString(id));
    }
    locals = Arrays.copyOf(locals, locals.length + 1);
    locals[locals.length - 1] = apic;
    if (id >= byId.length) {
      byId = Arrays.copyOf(byId, Math.max(id + 1, byId.length * 2));
    }
    byId[id] = apic;
  }

  /** Adds an I/O APIC, which is told every end of a level-triggered interrupt. */
  public void attach(IoApic apic) {
    ioApics = Arrays.copyOf(ioApics, ioApics.length + 1);
    ioApics[ioApics.length - 1] = apic;
  }

  /** Says where the vectors of ExtINT interrupts come from. */
  public void attach(ExternalInterrupts pic) {
    external = pic;
  }

  /**
   * Delivers a message-signalled interrupt.
   *
   * @param address the address written to, 0xfee00000 to 0xfeefffff; destination in bits 19 to 12
   *     and 11 to 5
   * @param data the 32 bits written
   * @return whether any local APIC accepted it
   */
  public boolean message(long address, int data) {
    int destination = (int) address >>> 12 & 0xff | ((int) address >>> 5 & 0x7f) << 8;
    boolean logical = (address & ADDRESS_LOGICAL) != 0;
    DeliveryMode mode = DeliveryMode.in(data);
    if (mode == DeliveryMode.FIXED && (address & ADDRESS_REDIRECTABLE) != 0) {
      mode = DeliveryMode.LOWEST_PRIORITY;
    }
    return deliver(destination, logical, mode, data & 0xff, (data & DATA_LEVEL) != 0);
  }

  /** Nothing can be read here: all ones. */
  @Override
  public long read(long offset, int size) {
    return -1;
  }

  @Override
  public void write(long offset, long value, int size) {
    if (size == 4 && (offset & 3) == 0) {
      message(WINDOW + offset, (int) value);
    }
  }

  /**
   * Delivers a message with an xAPIC destination.
   *
   * @param destination eight bits, or fifteen with the extension; 0xff means all, unless it is the
   *     id of an APIC that is in x2APIC mode
   * @return whether any local APIC accepted it
   */
  boolean deliver(int destination, boolean logical, DeliveryMode mode, int vector, boolean level) {
    Scope scope = logical && destination <= BROADCAST ? Scope.LOGICAL : Scope.ONE;
    if (destination == BROADCAST) {
      LocalApic own = logical ? null : byId(destination);
      scope = own != null && own.x2Apic() ? Scope.ONE : Scope.ALL;
    }
    return deliver(scope, destination, mode, vector, level);
  }

  /** Delivers an IPI with an x2APIC destination, 32 bits. */
  void deliverWide(int destination, boolean logical, DeliveryMode mode, int vector) {
    Scope scope = destination == WIDE_BROADCAST ? Scope.ALL : logical ? Scope.CLUSTER : Scope.ONE;
    deliver(scope, destination, mode, vector, false);
  }

  /**
   * Delivers an IPI with a shorthand.
   *
   * @param except who doesn't get it, or null
   */
  void broadcast(LocalApic except, DeliveryMode mode, int vector) {
    for (LocalApic apic : locals) {
      if (apic != except) {
        apic.accept(mode, vector, false);
      }
    }
  }

  /** Runs an acknowledge cycle at the 8259; -1 when the machine has none. */
  int acknowledgeExternal() {
    return external == null ? -1 : external.acknowledge();
  }

  /** Tells all I/O APICs that a level-triggered interrupt has been served. */
  void endOfInterrupt(int vector) {
    for (IoApic apic : ioApics) {
      apic.endOfInterrupt(vector);
    }
  }

  private boolean deliver(
      Scope scope, int destination, DeliveryMode mode, int vector, boolean level) {
    if (mode == DeliveryMode.LOWEST_PRIORITY) {
      LocalApic best = lowest(scope, destination, vector);
      return best != null && best.accept(mode, vector, level);
    }
    boolean accepted = false;
    int candidates = candidates(scope);
    for (int i = 0; i < candidates; i++) {
      LocalApic apic = candidate(scope, destination, i);
      accepted |= apic != null && apic.accept(mode, vector, level);
    }
    return accepted;
  }

  /**
   * The APIC of the lowest processor priority. Hardware breaks ties by rotation; here the vector
   * chooses where to begin, which spreads interrupts as well and depends on nothing hidden.
   */
  private LocalApic lowest(Scope scope, int destination, int vector) {
    LocalApic best = null;
    int bestRank = Integer.MAX_VALUE;
    int candidates = candidates(scope);
    for (int i = 0; i < candidates; i++) {
      LocalApic apic = candidate(scope, destination, (vector + i) % candidates);
      int rank = apic == null ? Integer.MAX_VALUE : apic.rank();
      if (rank < bestRank) {
        best = apic;
        bestRank = rank;
      }
    }
    return best;
  }

  private int candidates(Scope scope) {
    return switch (scope) {
      case ONE -> 1;
      case CLUSTER -> CLUSTER_SIZE;
      case LOGICAL, ALL -> locals.length;
    };
  }

  /** The n-th APIC of the scope, or null when the destination leaves it out. */
  private LocalApic candidate(Scope scope, int destination, int n) {
    return switch (scope) {
      case ONE -> byId(destination);
      case CLUSTER -> {
        LocalApic apic = (destination >>> n & 1) == 0 ? null : byId(destination >>> 16 << 4 | n);
        yield apic != null && apic.x2Apic() ? apic : null;
      }
      case LOGICAL -> locals[n].matchesLogical(destination) ? locals[n] : null;
      case ALL -> locals[n];
    };
  }

  private LocalApic byId(int id) {
    return id >= 0 && id < byId.length ? byId[id] : null;
  }
}
