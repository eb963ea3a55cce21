"""The kernel wall: an adapter to seccomp, which refuses every system call that is not listed.

Threads are allowed; processes, programs, sockets, signals to others, and every way to look into
another process are not. What is missing here fails with EPERM.
"""

from __future__ import annotations

import errno
import fcntl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seccompy import Filter

FILES = """
    read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek sendfile
    copy_file_range open openat close close_range dup dup2 dup3 stat fstat lstat newfstatat statx
    access faccessat faccessat2 readlink readlinkat getcwd getdents getdents64 mkdir mkdirat rmdir
    unlink unlinkat rename renameat renameat2 truncate ftruncate fsync fdatasync umask fadvise64
    poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait pipe pipe2 eventfd2
"""
MEMORY = "mmap munmap mremap mprotect madvise brk membarrier mincore msync"
THREADS = """
    futex futex_waitv rseq set_robust_list set_tid_address sched_yield sched_getaffinity
    sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min exit exit_group
"""
SIGNALS = """
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack
    restart_syscall pause alarm getitimer setitimer wait4 waitid
"""
ASKING = """
    getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp
    getpgid getsid uname sysinfo getcpu getrandom getrlimit getrusage times time gettimeofday
    clock_gettime clock_getres clock_nanosleep nanosleep
"""

CLONE_VM, CLONE_SIGHAND, CLONE_THREAD = 0x100, 0x800, 0x10000
CLONE_NEW_NAMESPACES = 0x7E020000 | 0x02000000 | 0x80
PR_SET_NAME, PR_GET_NAME = 15, 16
TERMINAL_AND_CLOSE_ON_EXEC = (0x5401, 0x5413, 0x5450, 0x5451)
DESCRIPTOR_COMMANDS = (
    fcntl.F_DUPFD,
    fcntl.F_GETFD,
    fcntl.F_SETFD,
    fcntl.F_GETFL,
    fcntl.F_SETFL,
    getattr(fcntl, "F_DUPFD_CLOEXEC", 1030),
)


def allow_list() -> Filter:
    """The filter for every child; building it takes longer than loading it.

    Raises:
        Exception: the package is missing, or does not know this processor.
    """
    from seccompy import Action, CmpOp, Filter

    rules = Filter(default=Action.ERRNO | errno.EPERM)
    for name in " ".join((FILES, MEMORY, THREADS, SIGNALS, ASKING)).split():
        try:
            rules.allow(name)
        except (KeyError, ValueError, OSError):  # a processor of the newer kind lacks the old calls
            continue
    thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD
    mask = thread | CLONE_NEW_NAMESPACES
    rules.allow("clone", args=[(0, CmpOp.MASKED_EQ, thread, mask)])
    rules.errno("clone3", errno.ENOSYS)  # its flags cannot be seen; libc then uses clone
    rules.allow("prlimit64", args=[(0, CmpOp.EQ, 0), (2, CmpOp.EQ, 0)])
    for command in DESCRIPTOR_COMMANDS:
        rules.allow("fcntl", args=[(1, CmpOp.EQ, command)])
    for request in TERMINAL_AND_CLOSE_ON_EXEC:
        rules.allow("ioctl", args=[(1, CmpOp.EQ, request)])
    for option in (PR_SET_NAME, PR_GET_NAME):
        rules.allow("prctl", args=[(0, CmpOp.EQ, option)])
    for name in ("kill", "tgkill"):
        rules.allow(name)  # narrowed by `own_signals`, which each child makes for itself
    return rules


def own_signals(process: int) -> Filter:
    """A second filter: signals go to this process alone."""
    from seccompy import Action, CmpOp, Filter

    rules = Filter(default=Action.ALLOW)
    for name in ("kill", "tgkill"):
        rules.errno(name, errno.EPERM, args=[(0, CmpOp.NE, process)])
    return rules
