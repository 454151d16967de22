/* System calls that do next to nothing. */
#include "bench.h"
#include <sys/syscall.h>
#include <unistd.h>

uint64_t syscalls(unsigned scale) {
  pid_t parent = getppid();
  begin();
  for (unsigned i = 0; i < scale * 10000; i++) CHECK(syscall(SYS_getppid) == parent);
  return mixed(0, scale);
}
