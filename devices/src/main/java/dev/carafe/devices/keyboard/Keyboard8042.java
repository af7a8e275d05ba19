package dev.carafe.devices.keyboard;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;
import dev.carafe.devices.power.A20Gate;
import dev.carafe.devices.power.MachineControl;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The keyboard controller at ports 60h and 64h with a keyboard and, if wanted, a mouse (IBM PS/2
 * Technical Reference, "Keyboard and Auxiliary Device Controller").
 *
 * <p>Not modelled: transfer times and time-outs, parity errors, controller RAM beyond the command
 * byte, passwords.
 */
public final class Keyboard8042 implements Stateful<Keyboard8042.State> {
    private static final int STATE_VERSION = 1;

    private static final int STATUS_OUTPUT_FULL = 0x01;
    private static final int STATUS_SYSTEM = 0x04;
    private static final int STATUS_COMMAND = 0x08;
    private static final int STATUS_UNLOCKED = 0x10;
    private static final int STATUS_AUXILIARY = 0x20;

    private static final int CONFIG_KEYBOARD_IRQ = 0x01;
    private static final int CONFIG_AUXILIARY_IRQ = 0x02;
    private static final int CONFIG_SYSTEM = 0x04;
    private static final int CONFIG_KEYBOARD_OFF = 0x10;
    private static final int CONFIG_AUXILIARY_OFF = 0x20;
    private static final int CONFIG_TRANSLATE = 0x40;
    private static final int CONFIG_START =
            CONFIG_KEYBOARD_IRQ | CONFIG_SYSTEM | CONFIG_AUXILIARY_OFF | CONFIG_TRANSLATE;

    private static final int OUTPUT_NOT_RESET = 0x01;
    private static final int OUTPUT_A20 = 0x02;
    private static final int SELF_TEST_PASSED = 0x55;
    private static final int INPUT_PORT_UNLOCKED = 0x80;
    private static final int FROM_AUXILIARY = 0x100; // mark on a byte
    private static final int NOTHING = -1;
    private static final int MOST_ANSWERS = 16;

    private final InterruptLine keyboardIrq;
    private final InterruptLine auxiliaryIrq;
    private final A20Gate a20;
    private final MachineControl machine;

    // All state below is guarded by this.
    private final Ps2Keyboard keyboard = new Ps2Keyboard();
    private final Ps2Mouse mouse; // null when absent
    private final ScanCodeTranslation translation = new ScanCodeTranslation();
    private final ArrayDeque<Integer> answers =
            new ArrayDeque<>(); // the controller's own, before any device's
    private int output = NOTHING; // the output buffer, with FROM_AUXILIARY
    private int lastByte;
    private int configuration = CONFIG_START;
    private boolean lastWasCommand = true;
    private int awaiting; // command whose argument comes next
    private boolean a20Open; // our vote only

    /** Makes a controller whose self test has passed, as firmware leaves it. */
    public Keyboard8042(
            InterruptLine keyboardIrq,
            InterruptLine auxiliaryIrq,
            boolean withMouse,
            A20Gate a20,
            MachineControl machine) {
        this.keyboardIrq = keyboardIrq;
        this.auxiliaryIrq = auxiliaryIrq;
        this.mouse = withMouse ? new Ps2Mouse() : null;
        this.a20 = a20;
        this.machine = machine;
    }

    /** Host side: scan codes of set 2, as the keyboard sends them; lost while it is disabled. */
    public synchronized void press(int... scanCodes) {
        if (keyboard.reporting()) {
            for (int code : scanCodes) {
                keyboard.reply(code & 0xFF);
            }
            refill();
        }
    }

    /** Port 60h. */
    public BusDevice data() {
        return new ByteDevice() {
            @Override
            public int readByte(int offset) {
                return offset == 0 ? readData() : NOTHING;
            }

            @Override
            public void writeByte(int offset, int value) {
                if (offset == 0) {
                    writeData(value);
                }
            }
        };
    }

    /** Port 64h. */
    public BusDevice command() {
        return new ByteDevice() {
            @Override
            public int readByte(int offset) {
                return offset == 0 ? readStatus() : NOTHING;
            }

            @Override
            public void writeByte(int offset, int value) {
                if (offset == 0) {
                    writeCommand(value);
                }
            }
        };
    }

    private synchronized int readData() {
        if (output != NOTHING) {
            lastByte = output & 0xFF;
            output = NOTHING;
            driveLines(); // falls, so that the next byte makes an edge
            refill();
        }
        return lastByte;
    }

    private synchronized int readStatus() {
        int full = output == NOTHING ? 0 : STATUS_OUTPUT_FULL;
        int auxiliary = output != NOTHING && (output & FROM_AUXILIARY) != 0 ? STATUS_AUXILIARY : 0;
        int system = (configuration & CONFIG_SYSTEM) != 0 ? STATUS_SYSTEM : 0;
        return full | auxiliary | system | (lastWasCommand ? STATUS_COMMAND : 0) | STATUS_UNLOCKED;
    }

    private synchronized void writeData(int value) {
        lastWasCommand = false;
        int command = awaiting;
        awaiting = 0;
        switch (command) {
            case 0x60 -> configuration = value & 0x7F;
            case 0xD1 -> writeOutputPort(value);
            case 0xD2 -> answer(value);
            case 0xD3 -> answer(value | FROM_AUXILIARY);
            case 0xD4 -> {
                configuration &= ~CONFIG_AUXILIARY_OFF;
                if (mouse != null) {
                    mouse.receive(value);
                }
            }
            default -> {
                configuration &= ~CONFIG_KEYBOARD_OFF; // writing to the keyboard enables it
                keyboard.receive(value);
            }
        }
        refill();
        driveLines();
    }

    private synchronized void writeCommand(int value) {
        lastWasCommand = true;
        awaiting = 0;
        switch (value) {
            case 0x20 -> answer(configuration);
            case 0x60, 0xD1, 0xD2, 0xD3, 0xD4 -> awaiting = value;
            case 0xA7 -> configuration |= CONFIG_AUXILIARY_OFF;
            case 0xA8 -> configuration &= ~CONFIG_AUXILIARY_OFF;
            case 0xA9, 0xAB -> answer(0); // interface tests
            case 0xAA -> {
                configuration |= CONFIG_SYSTEM;
                answer(SELF_TEST_PASSED);
            }
            case 0xAD -> configuration |= CONFIG_KEYBOARD_OFF;
            case 0xAE -> configuration &= ~CONFIG_KEYBOARD_OFF;
            case 0xC0 -> answer(INPUT_PORT_UNLOCKED);
            case 0xD0 -> answer(readOutputPort());
            case 0xDD -> setA20(false);
            case 0xDF -> setA20(true);
            default -> {
                if (value >= 0xF0 && (value & OUTPUT_NOT_RESET) == 0) {
                    machine.reset(); // pulses the reset line low
                }
            }
        }
        refill();
        driveLines();
    }

    /** Queues an answer; a guest that never reads loses what would not fit. */
    private void answer(int value) {
        if (answers.size() < MOST_ANSWERS) {
            answers.add(value);
        }
    }

    private int readOutputPort() {
        return OUTPUT_NOT_RESET | (a20Open ? OUTPUT_A20 : 0);
    }

    private void writeOutputPort(int value) {
        setA20((value & OUTPUT_A20) != 0);
        if ((value & OUTPUT_NOT_RESET) == 0) {
            machine.reset();
        }
    }

    private void setA20(boolean open) {
        a20Open = open;
        a20.setKeyboard(open);
    }

    /** Moves the next byte into the empty output buffer. */
    private void refill() {
        while (output == NOTHING) {
            if (!answers.isEmpty()) {
                output = answers.remove();
            } else if (keyboard.hasOutput() && (configuration & CONFIG_KEYBOARD_OFF) == 0) {
                int value = keyboard.takeOutput();
                output =
                        (configuration & CONFIG_TRANSLATE) != 0
                                ? translation.translate(value)
                                : value;
            } else if (mouse != null
                    && mouse.hasOutput()
                    && (configuration & CONFIG_AUXILIARY_OFF) == 0) {
                output = mouse.takeOutput() | FROM_AUXILIARY;
            } else {
                break;
            }
        }
        driveLines();
    }

    private void driveLines() {
        boolean full = output != NOTHING;
        boolean auxiliary = full && (output & FROM_AUXILIARY) != 0;
        keyboardIrq.set(full && !auxiliary && (configuration & CONFIG_KEYBOARD_IRQ) != 0);
        auxiliaryIrq.set(auxiliary && (configuration & CONFIG_AUXILIARY_IRQ) != 0);
    }

    @Override
    public synchronized State save() {
        return new State(
                STATE_VERSION,
                keyboard.save(),
                mouse == null ? new Ps2DeviceState(List.of(), 0, false, 0) : mouse.save(),
                translation.released(),
                List.copyOf(answers),
                output,
                lastByte,
                configuration,
                lastWasCommand,
                awaiting,
                a20Open);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "8042");
        keyboard.restore(state.keyboard);
        if (mouse != null) {
            mouse.restore(state.mouse);
        }
        translation.setReleased(state.released);
        answers.clear();
        answers.addAll(state.answers);
        output = state.output;
        lastByte = state.lastByte;
        configuration = state.configuration;
        lastWasCommand = state.lastWasCommand;
        awaiting = state.awaiting;
        a20Open = state.a20Open;
        driveLines();
    }

    /** Controller, keyboard and mouse; bytes from the mouse carry 100h. */
    public record State(
            int version,
            Ps2DeviceState keyboard,
            Ps2DeviceState mouse,
            boolean released,
            List<Integer> answers,
            int output,
            int lastByte,
            int configuration,
            boolean lastWasCommand,
            int awaiting,
            boolean a20Open) {}
}
