/**
 * Says why a machine died, hangs or misuses its interrupt controllers, in words for people and in
 * JSON.
 */
package dev.carafe.tools.report;
