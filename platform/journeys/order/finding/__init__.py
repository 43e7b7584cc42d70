"""Friends are asked in waves, the first who accepts has the job, and a job that is given back is offered anew."""
