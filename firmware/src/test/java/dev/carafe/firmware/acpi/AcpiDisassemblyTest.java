package dev.carafe.firmware.acpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.carafe.firmware.CpuTopology;
import dev.carafe.firmware.MachineDescription;
import dev.carafe.firmware.MachineType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A second opinion from the ACPI reference compiler, where it is installed. */
class AcpiDisassemblyTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void dsdtDisassemblesAndCompilesAgainWithoutAnyComplaint(MachineType type) throws Exception {
        MachineDescription machine =
                MachineDescription.builder()
                        .type(type)
                        .topology(new CpuTopology(17, 3, 3, 2))
                        .build();
        byte[] dsdt = Dsdt.bytes(machine);
        disassemble("dsdt", dsdt);

        String compiled =
                run(
                        "iasl",
                        "-p",
                        folder.resolve("again").toString(),
                        folder.resolve("dsdt.dsl").toString());
        assertTrue(compiled.contains("0 Errors, 0 Warnings, 0 Remarks"), compiled);
        assertEquals(dsdt.length, Files.size(folder.resolve("again.aml")));
    }

    @Test
    void dataTablesDisassembleWithoutAnyComplaint() throws Exception {
        MachineDescription machine = MachineDescription.builder().cpus(300).ecam(true).build();

        disassemble("fadt", Fadt.bytes(machine, 0x1000, 0x2000));
        disassemble("madt", Madt.bytes(machine));
        disassemble("hpet", HpetTable.bytes(machine));
        disassemble("mcfg", Mcfg.bytes());
        disassemble("facs", Facs.bytes());
        disassemble("rsdt", Rsdt.bytes(List.of(0x1000L, 0x2000L)));
        disassemble("xsdt", Xsdt.bytes(List.of(0x1000L, 0x2000L)));
    }

    private void disassemble(String name, byte[] table) throws Exception {
        Path file = folder.resolve(name + ".aml");
        Files.write(file, table);
        String output = run("iasl", "-d", file.toString());
        for (String complaint :
                new String[] {"Error", "Warning", "Invalid", "Incorrect", "unknown"}) {
            assertTrue(!output.contains(complaint), name + ": " + output);
        }
        assertTrue(Files.exists(folder.resolve(name + ".dsl")), output);
    }

    private static String run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } catch (IOException absent) {
            return abort("iasl is not installed");
        }
    }
}
