"""On what terms merchants are settled: fees, days, schedules, reserves, holds, bank accounts."""
