/* The real-time clock as a source of IRQ 8. Motorola MC146818A data sheet, "Register B", "Register C". */
#ifndef RTC_H
#define RTC_H

#include "types.h"

/* 1024 interrupts a second (rate 6) until switched off. */
void rtc_periodic_on(void);
void rtc_periodic_off(void);
/* In the handler: without it there is no further interrupt. */
void rtc_acknowledge(void);

#endif
