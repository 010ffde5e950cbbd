-- Each of these rows is changed soon after it is written, or again and again: room on the
-- page keeps the new version beside the old one and the indexes out of it.
ALTER TABLE payments_paymentcode SET (fillfactor = 50);
ALTER TABLE payments_payeractivity SET (fillfactor = 50);
