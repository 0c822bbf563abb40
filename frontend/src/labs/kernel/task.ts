/** The event that bubbles from a lab's stage each time it finds its task done. */
export const TASK_DONE = "lab:task-done";
