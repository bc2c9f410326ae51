/** Jobs from a queue, each for the tenant whose ticket it has. */
module dev.tenancy.example.worker {
    requires static org.jspecify;
    requires com.zaxxer.hikari;
    requires dev.tenancy.example.notes;
    requires org.slf4j;
}
