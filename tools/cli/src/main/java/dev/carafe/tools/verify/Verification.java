package dev.carafe.tools.verify;

import dev.carafe.core.cpu.CpuModel;
import dev.carafe.core.cpu.CpuTopology;
import dev.carafe.core.cpu.Feature;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.decode.EncodingSampler;
import dev.carafe.core.isa.decode.OpcodeTables;
import dev.carafe.core.weave.HandlerIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Compares the emulated processor with the host's, case by case. */
public final class Verification {
    /**
     * What is to be compared.
     *
     * @param first number of the first case
     * @param filter part of a row's text, or an empty string for all rows
     */
    public record Plan(long cases, long first, long seed, String filter, int threads) {}

    /** Without what would let 64-bit mode accept more addresses than the host does. */
    private static final String SPECIFICATION = CpuModel.MAX + ",-la57,-lam";

    private static final CpuModel MODEL =
            CpuModel.of(SPECIFICATION, CpuTopology.ofCores(1), CpuModel.DEFAULT_TSC_HERTZ);

    private final Plan plan;
    private final OpcodeTables tables = OpcodeTables.load();
    private final HandlerIndex handlers = HandlerIndex.load();
    private final UndefinedResults undefined = new UndefinedResults();
    private final HostDifferences differences = new HostDifferences();
    private final List<Encoding> rows64;
    private final List<Encoding> rows32;
    private final AtomicLong nextBatch;
    private final Report report;

    public Verification(Plan plan) {
        this.plan = plan;
        rows64 = rows(CodeMode.CODE64);
        rows32 = rows(CodeMode.CODE32);
        nextBatch = new AtomicLong(plan.first / CaseGenerator.BATCH);
        long absent = tables.rows().stream().filter(e -> !implemented(e)).count();
        report = new Report(plan.seed, absent);
    }

    private List<Encoding> rows(CodeMode mode) {
        EncodingSampler sampler = new EncodingSampler(tables);
        String wanted = plan.filter.toUpperCase(Locale.ROOT);
        return tables.rows().stream()
                .filter(e -> sampler.possible(e, mode))
                .filter(e -> matches(e, wanted))
                .filter(this::implemented)
                .toList();
    }

    private boolean implemented(Encoding encoding) {
        return lacking(tables.feature(encoding), MODEL::has) == null;
    }

    /** A mnemonic, whole, or part of the row's text when it has more than one word. */
    private static boolean matches(Encoding encoding, String wanted) {
        return wanted.isEmpty()
                || encoding.operation().name().equals(wanted)
                || wanted.contains(" ")
                        && encoding.notation().toUpperCase(Locale.ROOT).contains(wanted);
    }

    /** Whether any row is to be compared. */
    public boolean hasRows() {
        return !rows64.isEmpty() || !rows32.isEmpty();
    }

    /**
     * Does it.
     *
     * @throws Unavailable when this computer's processor cannot be asked
     */
    public Report run() throws Unavailable {
        Path program = null;
        try (ExecutorService pool = Executors.newFixedThreadPool(plan.threads)) {
            program = HostProcessor.unpack();
            Path started = program;
            List<Future<Void>> workers = new ArrayList<>();
            for (int i = 0; i < plan.threads; i++) {
                workers.add(
                        pool.submit(
                                () -> {
                                    work(started);
                                    return null;
                                }));
            }
            for (Future<Void> worker : workers) {
                worker.get();
            }
            return report;
        } catch (HostProcessor.Unavailable e) {
            throw new Unavailable(e.getMessage());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HostProcessor.Unavailable unavailable) {
                throw new Unavailable(unavailable.getMessage());
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            delete(program);
        }
    }

    /** Why nothing can be compared on this computer. */
    public static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        Unavailable(String why) {
            super(why);
        }
    }

    private static void delete(Path program) {
        if (program != null) {
            try {
                Files.deleteIfExists(program);
            } catch (IOException e) {
                program.toFile().deleteOnExit();
            }
        }
    }

    private void work(Path program) throws HostProcessor.Unavailable, IOException {
        try (HostProcessor host = HostProcessor.start(program);
                EmulatedProcessor emulated = new EmulatedProcessor(MODEL, tables, handlers)) {
            emulated.setWayOut(host.wayOut());
            CaseGenerator generator = new CaseGenerator(tables, differences, plan.seed);
            Comparison comparison = new Comparison(undefined, differences);
            Batch batch = new Batch();
            long end = plan.first + plan.cases;
            for (long number = nextBatch.getAndIncrement();
                    number * CaseGenerator.BATCH < end;
                    number = nextBatch.getAndIncrement()) {
                generate(batch, generator, number, host);
                compare(batch, comparison, host, emulated);
            }
        }
    }

    /** Storage of one thread. */
    private static final class Batch {
        final List<TestCase> all = new ArrayList<>();
        final List<TestCase> run = new ArrayList<>();
        final List<Result> emulated = new ArrayList<>();
        final Result host = new Result();

        Batch() {
            for (int i = 0; i < CaseGenerator.BATCH; i++) {
                all.add(new TestCase());
                emulated.add(new Result());
            }
        }
    }

    private void generate(
            Batch batch, CaseGenerator generator, long batchNumber, HostProcessor host) {
        batch.run.clear();
        boolean code32 = rows64.isEmpty() || CaseGenerator.code32(plan.seed, batchNumber);
        if (rows32.isEmpty()) {
            code32 = false;
        }
        List<Encoding> rows = code32 ? rows32 : rows64;
        for (int slot = 0; slot < CaseGenerator.BATCH; slot++) {
            long number = batchNumber * CaseGenerator.BATCH + slot;
            if (number < plan.first || number >= plan.first + plan.cases) {
                continue;
            }
            TestCase test = batch.all.get(slot);
            Encoding encoding = rows.get((int) (number % rows.size()));
            String lacking = lacking(tables.feature(encoding), host::has);
            if (lacking == null) {
                generator.make(test, number, encoding, code32, slot);
            } else {
                test.skipped = "the host lacks " + lacking;
            }
            if (test.skipped == null) {
                batch.run.add(test);
            } else {
                report.skipped(test);
            }
        }
    }

    /** The first of a row's features that a processor does not have, or null. */
    private static String lacking(String names, Predicate<Feature> has) {
        for (String name : names.isEmpty() ? new String[0] : names.split("\\+")) {
            if (!Feature.named(name).map(has::test).orElse(false)) {
                return name;
            }
        }
        return null;
    }

    private void compare(
            Batch batch, Comparison comparison, HostProcessor host, EmulatedProcessor emulated)
            throws IOException {
        host.send(batch.run);
        emulated.load(batch.run);
        for (int i = 0; i < batch.run.size(); i++) {
            emulated.execute(batch.run.get(i), batch.emulated.get(i));
        }
        for (int i = 0; i < batch.run.size(); i++) {
            TestCase test = batch.run.get(i);
            host.receive(batch.host);
            report.compared(test);
            List<String> found = comparison.differences(test, batch.host, batch.emulated.get(i));
            if (!found.isEmpty()) {
                report.mismatch(test, batch.host, found);
            }
        }
    }
}
