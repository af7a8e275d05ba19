/* All kinds of locks, and the order in which they may be taken. */
#ifndef LOCK_H
#define LOCK_H

#include "lock_order.h"
#include "mutex.h"
#include "rwlock.h"
#include "spinlock.h"

#endif
