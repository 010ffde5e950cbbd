DROP FUNCTION payments_pay;
