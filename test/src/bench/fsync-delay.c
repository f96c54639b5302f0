/* Adds a fixed pause to every fsync and fdatasync, to make a fast disk behave like a kiosk's flash.
 * Built with `cc -shared -fPIC`, loaded with LD_PRELOAD; the pause is FSYNC_DELAY_US microseconds. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_as_told(void) {
  static long delay_us = -1;
  if (delay_us < 0) {
    const char *told = getenv("FSYNC_DELAY_US");
    delay_us = told ? atol(told) : 0;
  }
  struct timespec pause = {delay_us / 1000000, (delay_us % 1000000) * 1000};
  nanosleep(&pause, NULL);
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_as_told();
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_as_told();
  return real(fd);
}
