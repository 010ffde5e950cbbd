DROP FUNCTION payments_pay;
ALTER TABLE payments_paymentcode RESET (fillfactor);
ALTER TABLE payments_payeractivity RESET (fillfactor);
