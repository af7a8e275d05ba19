/* The MP request, apart, because asking for it makes the loader start the other processors. */
#include "boot.h"

LIMINE_REQUEST(mp_request, LIMINE_MP_ID);
