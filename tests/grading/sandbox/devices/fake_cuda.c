/* The driver's library as far as the scrubber calls it. A device's memory is the file $FAKE_GPU_MEMORY, which
   outlives the process as memory outlives a context; $FAKE_GPU_PINNED bytes at its end cannot be had. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static char *memory;
static size_t total, usable, taken;

int cuInit(unsigned flags) {
    struct stat told;
    int file = open(getenv("FAKE_GPU_MEMORY"), O_RDWR);
    (void)flags;
    if (file < 0 || fstat(file, &told)) return 100; /* CUDA_ERROR_NO_DEVICE */
    total = told.st_size;
    usable = total - strtoull(getenv("FAKE_GPU_PINNED") ? getenv("FAKE_GPU_PINNED") : "0", 0, 10);
    memory = mmap(0, total, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return 0;
}
int cuDeviceGet(int *device, int index) { *device = index; return 0; }
int cuCtxCreate_v2(void **context, unsigned flags, int device) {
    (void)flags, (void)device;
    *context = memory;
    return 0;
}
int cuMemGetInfo_v2(size_t *free_bytes, size_t *all) { *free_bytes = total - taken, *all = total; return 0; }
int cuMemAlloc_v2(unsigned long long *block, size_t size) {
    if (taken + size > usable) return 2; /* CUDA_ERROR_OUT_OF_MEMORY */
    *block = (unsigned long long)(memory + taken);
    taken += size;
    return 0;
}
int cuMemsetD32_v2(unsigned long long block, unsigned value, size_t count) {
    for (size_t i = 0; i < count; i++) ((unsigned *)block)[i] = value;
    return 0;
}
int cuMemcpyDtoH_v2(void *target, unsigned long long block, size_t size) {
    memcpy(target, (void *)block, size);
    return 0;
}
int cuCtxSynchronize(void) { return 0; }
