using Smxp.Host.Account;
using Smxp.Host.Admin;
using Smxp.Host.Auth;
using Smxp.Host.Blobs;
using Smxp.Host.Delegations;
using Smxp.Host.Delivery;
using Smxp.Host.Domains;
using Smxp.Host.Federation;
using Smxp.Host.Mail;
using Smxp.Host.Stream;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddDomains().AddAuth().AddAccount().AddBlobs().AddMail().AddDelivery().AddFederation().AddDelegations().AddStream().AddAdmin();

var app = builder.Build();
app.MapDomains();
app.MapAuth();
app.MapAccount();
app.MapBlobs();
app.MapMail();
app.MapDelivery();
app.MapFederation();
app.MapDelegations();
app.MapStream();
app.MapAdmin();
app.Run();

/// <summary>The entry point; public so that tests can start the real host.</summary>
public partial class Program;
