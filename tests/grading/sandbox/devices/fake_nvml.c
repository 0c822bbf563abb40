/* NVML as far as the site calls it, telling what the file $FAKE_NVML says at that moment. A line each:
   gpu NAME MINOR TOTAL USED MIG | part NAME PARENT GI CI TOTAL USED | process NAME PID BYTES */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { unsigned long long total, free, used; } Memory;
typedef struct { unsigned pid; unsigned long long used; unsigned gi, ci; } Process;
typedef struct { char name[64], parent[64]; unsigned minor, gi, ci, mig; unsigned long long total, used; } Unit;
typedef struct { char name[64]; unsigned pid; unsigned long long used; } User;

static Unit units[16];
static User users[256];
static int unit_count, user_count;

static void look(void) {
    char line[256], one[64], two[64];
    unsigned a, b, c;
    unsigned long long d, e;
    FILE *file = fopen(getenv("FAKE_NVML"), "r");
    unit_count = user_count = 0;
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "gpu %63s %u %llu %llu %u", one, &a, &d, &e, &b) == 5) {
            Unit *unit = &units[unit_count++];
            memset(unit, 0, sizeof *unit);
            strcpy(unit->name, one), unit->minor = a, unit->total = d, unit->used = e, unit->mig = b;
        } else if (sscanf(line, "part %63s %63s %u %u %llu %llu", one, two, &a, &b, &d, &e) == 6) {
            Unit *unit = &units[unit_count++];
            memset(unit, 0, sizeof *unit);
            strcpy(unit->name, one), strcpy(unit->parent, two);
            unit->gi = a, unit->ci = b, unit->total = d, unit->used = e;
        } else if (sscanf(line, "process %63s %u %llu", one, &c, &d) == 3) {
            strcpy(users[user_count].name, one);
            users[user_count].pid = c, users[user_count++].used = d;
        }
    }
    if (file) fclose(file);
}

static Unit *unit_of(void *handle) { look(); return &units[(long)handle - 1]; }

const char *nvmlErrorString(int error) { return error == 999 ? "Unknown Error" : "an error"; }
int nvmlInit_v2(void) { return getenv("FAKE_NVML_DEAD") ? 999 : 0; }
int nvmlSystemGetDriverVersion(char *text, unsigned size) { snprintf(text, size, "550.54.15"); return 0; }

int nvmlDeviceGetCount_v2(unsigned *count) {
    look();
    *count = 0;
    for (int i = 0; i < unit_count; i++) *count += !units[i].parent[0];
    return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
    look();
    for (int i = 0; i < unit_count; i++)
        if (!units[i].parent[0] && index-- == 0) { *handle = (void *)(long)(i + 1); return 0; }
    return 6;
}

int nvmlDeviceGetMigMode(void *handle, unsigned *now, unsigned *after) {
    *now = *after = unit_of(handle)->mig & 1;
    return unit_of(handle)->mig == 2 ? 3 : 0; /* 2: a GPU that knows no MIG */
}

int nvmlDeviceGetMaxMigDeviceCount(void *handle, unsigned *count) { (void)handle; *count = 7; return 0; }

int nvmlDeviceGetMigDeviceHandleByIndex(void *handle, unsigned index, void **part) {
    Unit *whole = unit_of(handle);
    for (int i = 0; i < unit_count; i++)
        if (!strcmp(units[i].parent, whole->name) && index-- == 0) { *part = (void *)(long)(i + 1); return 0; }
    return 6;
}

int nvmlDeviceGetMinorNumber(void *handle, unsigned *minor) { *minor = unit_of(handle)->minor; return 0; }
int nvmlDeviceGetGpuInstanceId(void *handle, unsigned *id) { *id = unit_of(handle)->gi; return 0; }
int nvmlDeviceGetComputeInstanceId(void *handle, unsigned *id) { *id = unit_of(handle)->ci; return 0; }
int nvmlDeviceGetUUID(void *handle, char *text, unsigned size) {
    snprintf(text, size, "%s", unit_of(handle)->name);
    return 0;
}
int nvmlDeviceGetName(void *handle, char *text, unsigned size) {
    snprintf(text, size, "NVIDIA Pretend %s", unit_of(handle)->parent[0] ? "MIG 1g.10gb" : "H100");
    return 0;
}

int nvmlDeviceGetMemoryInfo(void *handle, Memory *memory) {
    Unit *unit = unit_of(handle);
    memory->total = unit->total, memory->used = unit->used, memory->free = unit->total - unit->used;
    return 0;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void *handle, unsigned *count, Process *table) {
    unsigned room = *count;
    Unit *unit = unit_of(handle);
    *count = 0;
    for (int i = 0; i < user_count; i++) {
        if (strcmp(users[i].name, unit->name)) continue;
        if (*count < room) {
            memset(&table[*count], 0, sizeof *table);
            table[*count].pid = users[i].pid;
            table[*count].used = users[i].used == 1 ? ~0ULL : users[i].used; /* 1: not told */
        }
        ++*count;
    }
    return *count > room ? 7 : 0;
}
