package org.coremu.device.irq;

import org.coremu.hw.IrqLine;
import org.coremu.hw.PortDevice;
import org.coremu.hw.Saveable;

/**
 * The two cascaded 8259A of a PC (Intel 8259A data sheet; edge/level control registers as in the
 * ICH data sheets). The slave's INT is the master's input 2.
 *
 * <p>Not modelled: cascade wiring other than the PC's (ICW3 is ignored), and what {@link
 * Pic8259Chip} lists.
 */
public final class Pic8259 implements ExternalInterrupts, Saveable<Pic8259.State> {
  private static final int CASCADE = 2;
  private static final int SPURIOUS = 7;

  /** IRQ 0, 1, 2, 8 and 13 can't be level-triggered. */
  private static final int MASTER_LEVELS = 0xf8;

  private static final int SLAVE_LEVELS = 0xde;

  /** Everything a guest can see of the pair. */
  public record State(Pic8259Chip.State master, Pic8259Chip.State slave) {}

  private final Pic8259Chip master = new Pic8259Chip(1 << CASCADE, MASTER_LEVELS);
  private final Pic8259Chip slave = new Pic8259Chip(0, SLAVE_LEVELS);
  private final IrqLine output;

  /**
   * @param output the master's INT pin
   */
  public Pic8259(IrqLine output) {
    this.output = output;
  }

  /** The master's two ports, at 0x20 in a PC. */
  public PortDevice masterPorts() {
    return new ChipPorts(master);
  }

  /** The slave's two ports, at 0xa0 in a PC. */
  public PortDevice slavePorts() {
    return new ChipPorts(slave);
  }

  /** The edge/level control registers, two ports at 0x4d0 in a PC. */
  public PortDevice levelPorts() {
    return new LevelPorts();
  }

  /**
   * The wire of an interrupt request.
   *
   * @param irq 0 to 15 but not 2, which is the cascade
   */
  public IrqLine line(int irq) {
    if (irq < 0 || irq > 15 || irq == CASCADE) {
      throw new IllegalArgumentException("8259 input " + irq);
    }
    Pic8259Chip chip = irq < 8 ? master : slave;
    return level -> set(chip, irq & 7, level);
  }

  /**
   * When the request has gone, the master answers its input 7 and nothing comes into service. A
   * spurious IRQ 15 needs a request that goes between the two pulses of the cycle, which are one
   * step here.
   */
  @Override
  public synchronized int acknowledge() {
    int input = master.highest();
    int vector = master.vector(SPURIOUS);
    if (input == CASCADE) {
      int onSlave = slave.highest();
      master.take(CASCADE);
      slave.take(onSlave);
      vector = slave.vector(onSlave);
    } else if (input >= 0) {
      master.take(input);
      vector = master.vector(input);
    }
    drive();
    return vector;
  }

  private synchronized void set(Pic8259Chip chip, int input, boolean level) {
    chip.setLine(input, level);
    drive();
  }

  private void drive() {
    master.setLine(CASCADE, slave.output());
    output.set(master.output());
  }

  private synchronized int readChip(Pic8259Chip chip, int port) {
    int value = chip.read(port);
    drive();
    return value;
  }

  private synchronized void writeChip(Pic8259Chip chip, int port, int value) {
    chip.write(port, value);
    drive();
  }

  private synchronized void setLevels(Pic8259Chip chip, int value) {
    chip.setLevels(value);
    drive();
  }

  private synchronized int levels(Pic8259Chip chip) {
    return chip.levels();
  }

  @Override
  public synchronized State save() {
    return new State(master.save(), slave.save());
  }

  @Override
  public synchronized void restore(State state) {
    master.restore(state.master);
    slave.restore(state.slave);
    drive();
  }

  /**
   * Command and data port of one chip; wider accesses reach neighbouring ports, as the ISA bus
   * splits them.
   */
  private final class ChipPorts implements PortDevice {
    private final Pic8259Chip chip;

    ChipPorts(Pic8259Chip chip) {
      this.chip = chip;
    }

    @Override
    public int read(int offset, int size) {
      int low = readChip(chip, offset & 1);
      return size == 1 ? low : low | readChip(chip, offset + 1 & 1) << 8;
    }

    @Override
    public void write(int offset, int value, int size) {
      writeChip(chip, offset & 1, value & 0xff);
      if (size > 1) {
        writeChip(chip, offset + 1 & 1, value >>> 8 & 0xff);
      }
    }
  }

  private final class LevelPorts implements PortDevice {
    @Override
    public int read(int offset, int size) {
      int low = levels((offset & 1) == 0 ? master : slave);
      return size == 1 ? low : low | levels(slave) << 8;
    }

    @Override
    public void write(int offset, int value, int size) {
      setLevels((offset & 1) == 0 ? master : slave, value & 0xff);
      if (size > 1) {
        setLevels(slave, value >>> 8 & 0xff);
      }
    }
  }
}
