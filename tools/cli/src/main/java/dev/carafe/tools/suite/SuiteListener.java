package dev.carafe.tools.suite;

/** Hears how a suite goes on. Calls come from many threads. */
interface SuiteListener {
    void started(Case test);

    void ended(CaseResult result);
}
